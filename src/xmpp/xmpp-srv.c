/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "flint-config.h"

#include "xmpp-srv.h"

#include "xmpp-error.h"
#include "xmpp-random.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define MAX_TARGETS  16
#define MAX_NAME     253
#define MAX_LABEL    63
#define GRACE_MS     (2 * 1000)
#define LIMIT_MS     (10 * 1000)

enum { STARTTLS, DIRECT_TLS, N_LOOKUPS };

typedef enum
{
  LOOKUP_UNUSED,
  LOOKUP_PENDING,
  LOOKUP_FOUND,      /* targets that can be used */
  LOOKUP_NOTHING,    /* the domain has no such record */
  LOOKUP_REFUSED,    /* "." (RFC 2782): the service is decidedly not available */
  LOOKUP_SPOILED,    /* records, but none that can be used */
  LOOKUP_FAILED,
} LookupState;

typedef struct
{
  XmppConnector *connector;          /* the task holds it */
  char          *domain;
  XmppClock     *clock;
  GCancellable  *cancellable;        /* for both lookups */
  GSource       *cancelled;
  guint          timer;
  gboolean       is_done;
  char          *names[N_LOOKUPS];   /* of the records */
  LookupState    lookups[N_LOOKUPS];
  GPtrArray     *targets;            /* of XmppSrvTarget */
} Find;

static const char * const services[N_LOOKUPS] = { "xmpp-client", "xmpps-client" };

static void
find_free (gpointer data)
{
  Find *self = data;

  g_clear_object (&self->cancellable);
  g_clear_object (&self->clock);
  g_clear_pointer (&self->targets, g_ptr_array_unref);
  for (guint i = 0; i < N_LOOKUPS; i++)
    g_free (self->names[i]);
  g_free (self->domain);
  g_free (self);
}

/* Order (RFC 2782, "Usage rules") */

static guint32
random_up_to (guint32 max)
{
  guint64 range = (guint64) max + 1;
  guint64 limit = (G_GUINT64_CONSTANT (1) << 32) / range * range;
  guint32 number;

  do
    xmpp_random_bytes ((guint8 *) &number, sizeof number);
  while (number >= limit);

  return number % range;
}

static int
compare_targets (gconstpointer a,
                 gconstpointer b)
{
  const XmppSrvTarget *first = *(const XmppSrvTarget * const *) a;
  const XmppSrvTarget *second = *(const XmppSrvTarget * const *) b;

  if (first->priority != second->priority)
    return first->priority < second->priority ? -1 : 1;

  /* Those that weigh nothing come first: they then have a small chance */
  return (first->weight > 0) - (second->weight > 0);
}

/* Brings one of the targets from start to end to the start, by weight */
static void
draw (gpointer *targets,
      guint     start,
      guint     end)
{
  guint32 sum = 0;
  guint32 number;
  gpointer drawn;
  guint i;

  for (i = start; i < end; i++)
    sum += ((XmppSrvTarget *) targets[i])->weight;
  number = random_up_to (sum);

  sum = 0;
  for (i = start; i < end - 1; i++)
    {
      sum += ((XmppSrvTarget *) targets[i])->weight;
      if (sum >= number)
        break;
    }

  drawn = targets[i];
  memmove (targets + start + 1, targets + start, (i - start) * sizeof *targets);
  targets[start] = drawn;
}

/* By priority; among equals at random, by weight */
void
xmpp_srv_sort (GPtrArray *targets)
{
  guint start = 0;

  g_ptr_array_sort (targets, compare_targets);

  while (start < targets->len)
    {
      guint16 priority = ((XmppSrvTarget *) targets->pdata[start])->priority;
      guint end = start;

      while (end < targets->len && ((XmppSrvTarget *) targets->pdata[end])->priority == priority)
        end++;

      for (; start < end; start++)
        draw (targets->pdata, start, end);
    }
}

/* Answers */

/* A name as DNS has it, without the final dot */
gboolean
xmpp_srv_is_host_name (const char *name)
{
  gsize label = 0;

  if (strlen (name) > MAX_NAME || g_hostname_is_ip_address (name))
    return FALSE;

  for (; *name != '\0'; name++)
    {
      if (*name == '.' ? label == 0 : !g_ascii_isalnum (*name) && *name != '-' && *name != '_')
        return FALSE;
      label = *name == '.' ? 0 : label + 1;
      if (label > MAX_LABEL)
        return FALSE;
    }

  return label > 0;
}

static gboolean
has_target (GPtrArray     *targets,
            XmppSrvTarget *target)
{
  for (guint i = 0; i < targets->len; i++)
    {
      XmppSrvTarget *other = targets->pdata[i];

      if (other->port == target->port && other->direct_tls == target->direct_tls &&
          g_str_equal (other->host, target->host))
        return TRUE;
    }

  return FALSE;
}

/* Returns what the records amount to; the usable ones are added to the targets, which can then be
 * more than we want, but not twice the same.
 */
static LookupState
take_records (Find  *self,
              guint  which,
              GList *records)
{
  guint n_before = self->targets->len;
  guint n_records = 0;
  guint n_unusable = 0;
  gboolean is_refused = FALSE;

  for (GList *link = records; link != NULL; link = link->next)
    {
      g_autofree char *name = NULL;
      XmppSrvTarget *target;
      guint16 priority, weight, port;

      n_records++;
      g_variant_get (link->data, "(qqqs)", &priority, &weight, &port, &name);
      if (g_str_equal (name, "."))
        {
          is_refused = TRUE;
          continue;
        }

      if (g_str_has_suffix (name, "."))
        name[strlen (name) - 1] = '\0';
      if (port == 0 || !xmpp_srv_is_host_name (name))
        {
          n_unusable++;
          continue;
        }

      target = xmpp_srv_target_new (name, port, which == DIRECT_TLS);
      target->priority = priority;
      target->weight = weight;
      if (has_target (self->targets, target))
        {
          xmpp_srv_target_free (target);
          continue;
        }

      g_ptr_array_add (self->targets, target);
      if (n_records <= MAX_TARGETS)
        xmpp_connector_progress (self->connector, "SRV %s: priority %u, weight %u, %s port %u",
                                 self->names[which], priority, weight, target->host, port);
    }

  if (n_records > MAX_TARGETS)
    xmpp_connector_progress (self->connector, "SRV %s: %u records", self->names[which], n_records);
  if (n_unusable > 0)
    xmpp_connector_progress (self->connector, "SRV %s: %u records cannot be used",
                             self->names[which], n_unusable);

  if (self->targets->len > n_before)
    return LOOKUP_FOUND;
  if (n_records == 0)
    return LOOKUP_NOTHING;
  if (!is_refused)
    return LOOKUP_SPOILED;

  xmpp_connector_progress (self->connector, "SRV %s: \".\", the service is not offered", self->names[which]);

  return LOOKUP_REFUSED;
}

static LookupState
take_error (Find         *self,
            guint         which,
            const GError *error)
{
  gboolean is_nothing = g_error_matches (error, G_RESOLVER_ERROR, G_RESOLVER_ERROR_NOT_FOUND);

  xmpp_connector_progress (self->connector, "SRV %s: %s", self->names[which],
                           is_nothing ? "no such record" : error->message);

  return is_nothing ? LOOKUP_NOTHING : LOOKUP_FAILED;
}

static gboolean
has_lookup (Find        *self,
            LookupState  state)
{
  return self->lookups[STARTTLS] == state || self->lookups[DIRECT_TLS] == state;
}

static void
conclude (GTask *task)
{
  Find *self = g_task_get_task_data (task);

  self->is_done = TRUE;
  if (self->timer != 0)
    xmpp_clock_remove (self->clock, self->timer);
  self->timer = 0;
  if (self->cancelled != NULL)
    g_source_destroy (self->cancelled);
  g_clear_pointer (&self->cancelled, g_source_unref);

  /* Where one lookup says that there is nothing, DNS works, and the domain itself is the place */
  if (self->targets->len > 0 ||
      (has_lookup (self, LOOKUP_NOTHING) && !has_lookup (self, LOOKUP_REFUSED) &&
       !has_lookup (self, LOOKUP_SPOILED)))
    {
      xmpp_srv_sort (self->targets);
      if (self->targets->len > MAX_TARGETS)
        g_ptr_array_set_size (self->targets, MAX_TARGETS);
      g_task_return_pointer (task, g_steal_pointer (&self->targets), (GDestroyNotify) g_ptr_array_unref);
    }
  else if (has_lookup (self, LOOKUP_FAILED))
    {
      g_task_return_new_error (task, XMPP_ERROR, XMPP_ERROR_DNS_FAILED,
                               _("The servers of %s could not be looked up. Check your network connection."),
                               self->domain);
    }
  else if (has_lookup (self, LOOKUP_REFUSED))
    {
      g_task_return_new_error (task, XMPP_ERROR, XMPP_ERROR_NOT_OFFERED,
                               _("%s says that it has no XMPP service. Check the address."), self->domain);
    }
  else
    {
      g_task_return_new_error (task, XMPP_ERROR, XMPP_ERROR_DNS_FAILED,
                               _("What DNS says about the servers of %s makes no sense. "
                                 "Tell the people who run it."), self->domain);
    }

  /* Now that the answer is given, whatever is still under way ends */
  g_cancellable_cancel (self->cancellable);
}

static gboolean
on_limit (gpointer user_data)
{
  GTask *task = user_data;
  Find *self = g_task_get_task_data (task);

  self->timer = 0;
  for (guint i = 0; i < N_LOOKUPS; i++)
    {
      if (self->lookups[i] != LOOKUP_PENDING)
        continue;

      xmpp_connector_progress (self->connector, "SRV %s: no answer in time", self->names[i]);
      self->lookups[i] = LOOKUP_FAILED;
    }
  conclude (task);

  return G_SOURCE_REMOVE;
}

static void
on_answer (GTask        *task,
           guint         which,
           GObject      *object,
           GAsyncResult *result)
{
  Find *self = g_task_get_task_data (task);
  g_autoptr(GError) error = NULL;
  GList *records;

  records = g_resolver_lookup_records_finish (G_RESOLVER (object), result, &error);

  if (!self->is_done)
    self->lookups[which] = error == NULL ? take_records (self, which, records)
                                         : take_error (self, which, error);
  g_list_free_full (records, (GDestroyNotify) g_variant_unref);

  if (self->is_done)
    return;

  if (!has_lookup (self, LOOKUP_PENDING))
    {
      conclude (task);
    }
  else if (self->lookups[which] == LOOKUP_FOUND)
    {
      xmpp_clock_remove (self->clock, self->timer);
      self->timer = xmpp_clock_add (self->clock, GRACE_MS, on_limit, task);
    }
}

static void
on_starttls_answer (GObject      *object,
                    GAsyncResult *result,
                    gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;

  on_answer (task, STARTTLS, object, result);
}

static void
on_direct_tls_answer (GObject      *object,
                      GAsyncResult *result,
                      gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;

  on_answer (task, DIRECT_TLS, object, result);
}

/* The task's cancellable is what it returns then */
static gboolean
on_cancelled (GCancellable *cancellable,
              gpointer      user_data)
{
  conclude (user_data);

  return G_SOURCE_REMOVE;
}

static void
look_up (GTask               *task,
         guint                which,
         GResolver           *resolver,
         GAsyncReadyCallback  callback)
{
  Find *self = g_task_get_task_data (task);

  self->lookups[which] = LOOKUP_PENDING;
  self->names[which] = g_strdup_printf ("_%s._tcp.%s", services[which], self->domain);
  g_resolver_lookup_records_async (resolver, self->names[which], G_RESOLVER_RECORD_SRV,
                                   self->cancellable, callback, g_object_ref (task));
}

XmppSrvTarget *
xmpp_srv_target_new (const char *host,
                     guint16     port,
                     gboolean    direct_tls)
{
  XmppSrvTarget *self = g_new0 (XmppSrvTarget, 1);

  self->host = g_ascii_strdown (host, -1);
  self->port = port;
  self->direct_tls = direct_tls;

  return self;
}

void
xmpp_srv_target_free (XmppSrvTarget *self)
{
  g_free (self->host);
  g_free (self);
}

/* domain: an A-label. Both lookups run at once, for ten seconds at most; two more when one of them
 * has found something.
 */
void
xmpp_srv_find_async (XmppConnector       *connector,
                     const char          *domain,
                     XmppSrvKinds         kinds,
                     GResolver           *resolver,
                     XmppClock           *clock,
                     GCancellable        *cancellable,
                     GAsyncReadyCallback  callback,
                     gpointer             user_data)
{
  g_autoptr(GTask) task = g_task_new (connector, cancellable, callback, user_data);
  Find *self = g_new0 (Find, 1);

  g_task_set_source_tag (task, xmpp_srv_find_async);
  g_task_set_task_data (task, self, find_free);

  self->domain = g_strdup (domain);
  self->clock = g_object_ref (clock);
  self->connector = connector;
  self->cancellable = g_cancellable_new ();
  self->targets = g_ptr_array_new_with_free_func ((GDestroyNotify) xmpp_srv_target_free);
  self->timer = xmpp_clock_add (clock, LIMIT_MS, on_limit, task);
  if (cancellable != NULL)
    {
      self->cancelled = g_cancellable_source_new (cancellable);
      g_source_set_callback (self->cancelled, (GSourceFunc) (GCallback) on_cancelled, task, NULL);
      g_source_attach (self->cancelled, g_main_context_get_thread_default ());
    }

  if (kinds & XMPP_SRV_STARTTLS)
    look_up (task, STARTTLS, resolver, on_starttls_answer);
  if (kinds & XMPP_SRV_DIRECT_TLS)
    look_up (task, DIRECT_TLS, resolver, on_direct_tls_answer);
}

/* Returns: (transfer full): XmppSrvTargets in the order to try; none: the domain has no such
 * records. Errors: XMPP_ERROR_NOT_OFFERED, XMPP_ERROR_DNS_FAILED, G_IO_ERROR_CANCELLED
 */
GPtrArray *
xmpp_srv_find_finish (XmppConnector  *connector,
                      GAsyncResult   *result,
                      GError        **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
