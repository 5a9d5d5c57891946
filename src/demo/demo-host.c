/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flint-config.h"

#include "demo-host.h"

#include "demo-authority.h"
#include "demo-cast.h"
#include "demo-prosody.h"
#include "xmpp-random.h"

#include <glib/gi18n-lib.h>

#define START_TRIES 5

struct _DemoHost
{
  GObject parent_instance;

  DemoServer *server;
  GHashTable *passwords;   /* user, borrowed from the cast → password */
  char       *ca_path;
  guint16     ports[2];    /* STARTTLS, direct TLS */
  guint       tries;
};

enum { ENDED, N_SIGNALS };

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (DemoHost, demo_host, G_TYPE_OBJECT)

static void try_start (GTask *task);

static gboolean
issue_certificate (DemoHost    *self,
                   const char  *path,
                   GError     **error)
{
  g_autoptr(DemoAuthority) authority = demo_authority_new (error);
  const char *domains[] = { DEMO_DOMAIN, DEMO_CONFERENCE, NULL };

  return authority != NULL &&
         demo_authority_save (authority, self->ca_path, error) &&
         demo_authority_issue (authority, DEMO_CERTIFICATE_GOOD, domains, path, error);
}

static char *
address_of (const char *user)
{
  return g_strdup_printf ("%s@%s", user, DEMO_DOMAIN);
}

/* All but the stranger are known to the user; who is undecided does not know her */
static gboolean
write_rosters (DemoHost  *self,
               GError   **error)
{
  g_autoptr(GArray) contacts = g_array_new (FALSE, FALSE, sizeof (DemoProsodyContact));
  g_autoptr(GPtrArray) addresses = g_ptr_array_new_with_free_func (g_free);
  const char *previous = NULL;

  for (guint i = 0; i < demo_cast_size; i++)
    {
      const DemoRole *role = &demo_cast[i];
      DemoProsodyContact user = { DEMO_USER "@" DEMO_DOMAIN, "Alice", NULL, FALSE };
      DemoProsodyContact contact = { NULL, role->name, role->group, g_str_equal (role->user, DEMO_UNDECIDED) };

      if (g_strcmp0 (role->user, previous) == 0 || g_str_equal (role->user, DEMO_STRANGER))
        continue;
      previous = role->user;

      contact.address = address_of (role->user);
      g_ptr_array_add (addresses, (char *) contact.address);
      g_array_append_val (contacts, contact);

      if (!contact.is_asked && !demo_prosody_add_roster (self->server, DEMO_DOMAIN, role->user, &user, 1, error))
        return FALSE;
    }

  return demo_prosody_add_roster (self->server, DEMO_DOMAIN, DEMO_USER,
                                  (const DemoProsodyContact *) contacts->data, contacts->len, error);
}

static gboolean
write_accounts (DemoHost  *self,
                GError   **error)
{
  GHashTableIter iter;
  gpointer user;
  gpointer password;

  g_hash_table_iter_init (&iter, self->passwords);
  while (g_hash_table_iter_next (&iter, &user, &password))
    {
      if (!demo_prosody_add_account (self->server, DEMO_DOMAIN, user, password, error))
        return FALSE;
    }

  return demo_prosody_add_block (self->server, DEMO_DOMAIN, DEMO_REFUSER, DEMO_USER "@" DEMO_DOMAIN, error);
}

static void
on_ended (DemoHost *self)
{
  g_signal_emit (self, signals[ENDED], 0);
}

static void
drop_server (DemoHost *self)
{
  if (self->server == NULL)
    return;

  g_signal_handlers_disconnect_by_data (self->server, self);
  demo_server_stop (self->server);
  g_clear_object (&self->server);
  g_clear_pointer (&self->ca_path, g_free);
}

static void
on_server_started (GObject      *object,
                   GAsyncResult *result,
                   gpointer      user_data)
{
  g_autoptr(GTask) task = G_TASK (user_data);
  DemoHost *self = g_task_get_source_object (task);
  g_autoptr(GError) error = NULL;

  if (demo_server_start_finish (DEMO_SERVER (object), result, &error))
    {
      g_task_return_boolean (task, TRUE);
      return;
    }

  drop_server (self);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_ADDRESS_IN_USE) && ++self->tries < START_TRIES)
    try_start (g_steal_pointer (&task));
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

/* Takes the task */
static void
try_start (GTask *task)
{
  DemoHost *self = g_task_get_source_object (task);
  g_autofree char *certificate = NULL;
  GError *error = NULL;

  self->server = demo_server_new ("flint-demo", &error);
  if (self->server != NULL)
    {
      self->ca_path = demo_server_get_path (self->server, "ca.pem");
      certificate = demo_server_get_path (self->server, "server.pem");
    }

  if (self->server == NULL ||
      !issue_certificate (self, certificate, &error) ||
      !write_accounts (self, &error) ||
      !write_rosters (self, &error) ||
      !demo_server_find_ports (self->ports, G_N_ELEMENTS (self->ports), &error))
    {
      drop_server (self);
      g_task_return_error (task, error);
      g_object_unref (task);
      return;
    }

  g_signal_connect_object (self->server, "ended", G_CALLBACK (on_ended), self, G_CONNECT_SWAPPED);
  demo_prosody_start_async (self->server,
                            (const DemoProsodyHost[]) {
                              { DEMO_DOMAIN, NULL, certificate,
                                "admins = { \"" DEMO_NEWSROOM "@" DEMO_DOMAIN "\" }\n" },
                              { DEMO_CONFERENCE, "muc", certificate,
                                "name = \"Rooms\"\nmuc_room_locking = false\nmuc_room_default_public = true\n"
                                "modules_enabled = { \"muc_mam\" }\n" },
                            }, 2, self->ports[0], self->ports[1], NULL, on_server_started, task);
}

static void
demo_host_dispose (GObject *object)
{
  demo_host_stop (DEMO_HOST (object));

  G_OBJECT_CLASS (demo_host_parent_class)->dispose (object);
}

static void
demo_host_finalize (GObject *object)
{
  DemoHost *self = DEMO_HOST (object);

  g_clear_pointer (&self->passwords, g_hash_table_unref);

  G_OBJECT_CLASS (demo_host_parent_class)->finalize (object);
}

static void
demo_host_class_init (DemoHostClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = demo_host_dispose;
  object_class->finalize = demo_host_finalize;

  signals[ENDED] = g_signal_new ("ended", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                                 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
demo_host_init (DemoHost *self)
{
  self->passwords = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_free);

  g_hash_table_insert (self->passwords, (char *) DEMO_USER, xmpp_random_id ());
  for (guint i = 0; i < demo_cast_size; i++)
    g_hash_table_insert (self->passwords, (char *) demo_cast[i].user, xmpp_random_id ());
}

DemoHost *
demo_host_new (void)
{
  return g_object_new (DEMO_TYPE_HOST, NULL);
}

/**
 * demo_host_start_async:
 *
 * Makes the certificate and everybody's files, and starts Prosody. Fails with %G_IO_ERROR_NOT_FOUND if it
 * is not installed.
 */
void
demo_host_start_async (DemoHost            *self,
                       GAsyncReadyCallback  callback,
                       gpointer             user_data)
{
  g_autoptr(GTask) task = g_task_new (self, NULL, callback, user_data);

  g_task_set_source_tag (task, demo_host_start_async);
  if (demo_prosody_is_installed ())
    try_start (g_steal_pointer (&task));
  else
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                             "%s", _("The demo needs the server Prosody. Install it, and try again."));
}

gboolean
demo_host_start_finish (DemoHost      *self,
                        GAsyncResult  *result,
                        GError       **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * demo_host_stop:
 *
 * Ends the server and removes all that it had.
 */
void
demo_host_stop (DemoHost *self)
{
  drop_server (self);
}

guint16
demo_host_get_port (DemoHost *self)
{
  return self->ports[0];
}

/**
 * demo_host_get_ca_path:
 *
 * Returns: the file with the certificate of the authority that a client has to trust
 */
const char *
demo_host_get_ca_path (DemoHost *self)
{
  return self->ca_path;
}

const char *
demo_host_get_password (DemoHost   *self,
                        const char *user)
{
  return g_hash_table_lookup (self->passwords, user);
}
