/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flint-config.h"

#include "flint-application-private.h"

#include "console-capture.h"
#include "flint-attention.h"
#include "flint-demo-folder.h"
#include "flint-login-window.h"
#include "flint-notifier.h"
#include "flint-tidier.h"

#include <errno.h>
#include <glib/gi18n.h>
#include <glib-unix.h>
#include <glib/gstdio.h>
#include <signal.h>

#define G_SETTINGS_ENABLE_BACKEND
#include <gio/gsettingsbackend.h>

struct _FlintApplication
{
  AdwApplication    parent_instance;

  gboolean          is_demo;      /* --demo: nothing is kept */
  FlintDemoFolder  *folder;       /* where that is, meanwhile; NULL: none */

  FlintCore        *core;
  GSettings        *settings;
  ConsoleCapture   *capture;
  FlintNotifier    *notifier;
  FlintTidier      *tidier;
  FlintAttention   *attention;
  FlintDemoServer  *demo;         /* runs, or NULL */
  char             *pending_uri;  /* to be opened when there is an account */
  gboolean          is_quitting;
  GtkWidget        *warning;      /* about files, while it is open; weak */
  char             *load_failure; /* to be told when there is a window, or NULL */
  guint             signals[3];   /* SIGTERM, SIGINT, SIGHUP */
};

enum {
  PROP_0,
  PROP_DEMO,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (FlintApplication, flint_application, ADW_TYPE_APPLICATION)

FlintApplication *
flint_application_new (void)
{
  return g_object_new (FLINT_TYPE_APPLICATION,
                       "application-id", FLINT_APP_ID,
                       "flags", G_APPLICATION_HANDLES_OPEN,
                       NULL);
}

FlintCore *
flint_application_get_core (FlintApplication *self)
{
  g_return_val_if_fail (FLINT_IS_APPLICATION (self), NULL);

  return self->core;
}

GSettings *
flint_application_get_settings (FlintApplication *self)
{
  g_return_val_if_fail (FLINT_IS_APPLICATION (self), NULL);

  return self->settings;
}

ConsoleCapture *
flint_application_get_capture (FlintApplication *self)
{
  g_return_val_if_fail (FLINT_IS_APPLICATION (self), NULL);

  return self->capture;
}

/**
 * flint_application_get_demo:
 *
 * Returns: (nullable): the embedded server, while it runs
 */
FlintDemoServer *
flint_application_get_demo (FlintApplication *self)
{
  g_return_val_if_fail (FLINT_IS_APPLICATION (self), NULL);

  return self->demo;
}

/* Files that could not be read or written: one dialog at a time */
static void
warn (FlintApplication *self,
      const char       *heading,
      const char       *text)
{
  GtkWidget *dialog;

  if (self->warning != NULL || self->is_quitting)
    return;

  dialog = adw_message_dialog_new (gtk_application_get_active_window (GTK_APPLICATION (self)), heading, text);
  adw_message_dialog_add_response (ADW_MESSAGE_DIALOG (dialog), "close", _("Close"));
  gtk_window_set_application (GTK_WINDOW (dialog), GTK_APPLICATION (self));
  g_set_weak_pointer (&self->warning, dialog);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
on_save_failed (FlintCore        *core,
                const GError     *error,
                FlintApplication *self)
{
  g_autofree char *text = g_strconcat (error->message, "\n\n",
                                       _("Nothing is lost while Flint runs. It is tried again with the next change, and when Flint ends."),
                                       NULL);

  warn (self, _("Not everything could be saved"), text);
}

static void
on_history_salvaged (FlintCore        *core,
                     const char       *sentence,
                     FlintApplication *self)
{
  warn (self, _("The history was damaged"), sentence);
}

/* The demo */

static void
set_demo (FlintApplication *self,
          FlintDemoServer  *demo)
{
  if (g_set_object (&self->demo, demo))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_DEMO]);
}

static void
on_demo_ended (FlintDemoServer  *demo,
               const GError     *error,
               FlintApplication *self)
{
  set_demo (self, NULL);

  if (error != NULL)
    flint_application_toast (self, _("The demo server has ended. Start Flint again to go on with it."));
}

static void
on_demo_started (GObject      *object,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  g_autoptr(FlintApplication) self = user_data;
  g_autoptr(FlintAccount) account = NULL;
  g_autoptr(GError) error = NULL;

  account = flint_demo_server_start_finish (FLINT_DEMO_SERVER (object), result, &error);
  g_application_release (G_APPLICATION (self));

  if (account == NULL)
    {
      set_demo (self, NULL);
      if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED))
        warn (self, _("The demo server did not start"), error->message);
      else
        warn (self, _("The demo needs the server Prosody"),
              _("Install the package “prosody”, on Debian and Ubuntu with “sudo apt install prosody”, and try again. It need not run by itself."));
      return;
    }

  /* first the window, then the account: the login window goes when the account is there, and the
   * program with its last window */
  flint_application_show_main (self);
  flint_account_list_add (flint_core_get_accounts (self->core), account);
  flint_account_connect (account);
}

/**
 * flint_application_start_demo:
 *
 * Starts the embedded server and logs in there as alice; does nothing when it runs already.
 */
void
flint_application_start_demo (FlintApplication *self)
{
  g_autoptr(FlintDemoServer) demo = NULL;

  g_return_if_fail (FLINT_IS_APPLICATION (self));

  if (self->demo != NULL)
    return;

  demo = flint_demo_server_new (NULL);
  if (self->folder != NULL)
    flint_demo_server_set_folder (demo, flint_demo_folder_get_path (self->folder));
  set_demo (self, demo);
  g_signal_connect_object (self->demo, "ended", G_CALLBACK (on_demo_ended), self, 0);

  /* without a window yet, the program must not end before the server is ready */
  g_application_hold (G_APPLICATION (self));
  flint_demo_server_start_async (self->demo, NULL, on_demo_started, g_object_ref (self));
}

/**
 * flint_application_set_pending:
 * @uri: (nullable): a link that cannot be opened yet: there is no account
 */
void
flint_application_set_pending (FlintApplication *self,
                               const char       *uri)
{
  g_return_if_fail (FLINT_IS_APPLICATION (self));

  g_free (self->pending_uri);
  self->pending_uri = g_strdup (uri);
}

/**
 * flint_application_open_pending:
 *
 * Opens the link that has waited for an account, if there is one.
 */
void
flint_application_open_pending (FlintApplication *self)
{
  g_autofree char *uri = NULL;

  g_return_if_fail (FLINT_IS_APPLICATION (self));

  uri = g_steal_pointer (&self->pending_uri);
  if (uri != NULL)
    flint_application_open_uri (self, uri);
}

/* The end: every account is left politely, at most two seconds long (F44, F53) */

static void
on_closed (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(FlintApplication) self = user_data;
  g_autoptr(GError) error = NULL;

  if (!flint_core_close_finish (FLINT_CORE (object), result, &error))
    g_warning ("%s", error->message);

  g_application_quit (G_APPLICATION (self));
}

/**
 * flint_application_leave:
 *
 * Hides what is open, leaves the servers and ends the program.
 */
void
flint_application_leave (FlintApplication *self)
{
  g_autoptr(GList) windows = NULL;

  g_return_if_fail (FLINT_IS_APPLICATION (self));

  if (self->is_quitting)
    return;

  self->is_quitting = TRUE;
  windows = g_list_copy (gtk_application_get_windows (GTK_APPLICATION (self)));
  g_application_hold (G_APPLICATION (self));

  /* what was never logged in is not kept */
  for (GList *l = windows; l != NULL; l = l->next)
    {
      if (FLINT_IS_LOGIN_WINDOW (l->data))
        gtk_window_destroy (l->data);
    }

  for (GList *l = gtk_application_get_windows (GTK_APPLICATION (self)); l != NULL; l = l->next)
    gtk_widget_hide (l->data);

  flint_core_close_async (self->core, on_closed, g_object_ref (self));
}

static gboolean
on_signal (gpointer user_data)
{
  flint_application_leave (user_data);

  return G_SOURCE_CONTINUE;
}

static void
watch_signals (FlintApplication *self)
{
  static const int numbers[] = { SIGTERM, SIGINT, SIGHUP };

  G_STATIC_ASSERT (G_N_ELEMENTS (numbers) == G_N_ELEMENTS (self->signals));

  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++)
    self->signals[i] = g_unix_signal_add (numbers[i], on_signal, self);
}

/* Whoever closes the last window is done. */
static void
flint_application_window_removed (GtkApplication *application,
                                  GtkWindow      *window)
{
  FlintApplication *self = FLINT_APPLICATION (application);
  GList *windows = gtk_application_get_windows (application);

  if (self->core != NULL && windows != NULL && windows->next == NULL)
    flint_application_leave (self);

  GTK_APPLICATION_CLASS (flint_application_parent_class)->window_removed (application, window);
}

/* GApplication */

/* GTK and libadwaita take the icons in the resource base path, and add them to their theme when it was read, so that it is read
 * again, all of it: a tenth of the time until there is a window. Ours lie where GTK looks at first (ui/flint.gresource.xml),
 * and libadwaita begins before GTK's own start does. */
static void
start_toolkit (GApplication *application)
{
  g_autoptr(GtkCssProvider) provider = NULL;

  g_application_set_resource_base_path (application, NULL);
  adw_init ();
  G_APPLICATION_CLASS (flint_application_parent_class)->startup (application);

  provider = gtk_css_provider_new ();
  gtk_css_provider_load_from_resource (provider, "/org/flint/Flint/style.css");
  gtk_style_context_add_provider_for_display (gdk_display_get_default (), GTK_STYLE_PROVIDER (provider),
                                              GTK_STYLE_PROVIDER_PRIORITY_APPLICATION);
  gtk_window_set_default_icon_name (FLINT_APP_ID);
}

static void
on_color_scheme_changed (GSettings        *settings,
                         const char       *key,
                         FlintApplication *self)
{
  adw_style_manager_set_color_scheme (adw_style_manager_get_default (),
                                      g_settings_get_enum (settings, "color-scheme"));
}

static char *
user_dir (FlintApplication *self,
          const char       *parent,
          const char       *name)
{
  g_autofree char *dir = self->folder != NULL
                           ? g_build_filename (flint_demo_folder_get_path (self->folder), name, NULL)
                           : g_build_filename (parent, "flint", NULL);

  if (g_mkdir_with_parents (dir, 0700) != 0)
    g_warning ("The folder %s could not be made: %s", dir, g_strerror (errno));

  return g_steal_pointer (&dir);
}

static void
make_settings (FlintApplication *self)
{
  g_autoptr(GSettingsBackend) backend = NULL;
  g_autoptr(GError) error = NULL;

  if (!self->is_demo)
    {
      self->settings = g_settings_new (FLINT_APP_ID);
      return;
    }

  backend = g_memory_settings_backend_new ();
  self->settings = g_settings_new_with_backend (FLINT_APP_ID, backend);
  self->folder = flint_demo_folder_new (&error);
  if (self->folder == NULL)
    g_warning ("No place for temporary files: %s", error->message);
}

static void
flint_application_startup (GApplication *application)
{
  FlintApplication *self = FLINT_APPLICATION (application);
  g_autofree char *config_dir = NULL;
  g_autofree char *data_dir = NULL;
  g_autofree char *cache_dir = NULL;
  g_autoptr(GError) error = NULL;

  make_settings (self);
  config_dir = user_dir (self, g_get_user_config_dir (), "config");
  data_dir = user_dir (self, g_get_user_data_dir (), "data");
  cache_dir = user_dir (self, g_get_user_cache_dir (), "cache");

  self->capture = console_capture_new ();
  self->core = flint_core_new (config_dir, data_dir, cache_dir);
  flint_application_follow_accounts (self);
  g_signal_connect_object (self->core, "save-failed", G_CALLBACK (on_save_failed), self, 0);
  g_signal_connect_object (self->core, "history-salvaged", G_CALLBACK (on_history_salvaged), self, 0);
  if (!flint_account_list_load (flint_core_get_accounts (self->core), &error))
    self->load_failure = g_strdup (error->message);

  /* The keyring has its answer when there is a window: making one takes as long */
  flint_core_prepare (self->core);
  start_toolkit (application);

  g_signal_connect_object (self->settings, "changed::color-scheme", G_CALLBACK (on_color_scheme_changed), self, 0);
  on_color_scheme_changed (self->settings, NULL, self);
  watch_signals (self);
  self->tidier = flint_tidier_new (flint_core_get_accounts (self->core));
  flint_application_bind_settings (self);
  flint_application_add_actions (self);
  self->notifier = flint_notifier_new (self);
  self->attention = flint_attention_new (application, self->core);
}

static void
tell_load_failure (FlintApplication *self)
{
  g_autofree char *failure = g_steal_pointer (&self->load_failure);

  if (failure != NULL)
    warn (self, _("Not all accounts could be read"), failure);
}

static void
flint_application_activate (GApplication *application)
{
  FlintApplication *self = FLINT_APPLICATION (application);
  FlintAccountList *accounts = flint_core_get_accounts (self->core);
  gboolean is_first = gtk_application_get_windows (GTK_APPLICATION (self)) == NULL;

  if (self->is_demo && is_first)
    {
      flint_application_start_demo (self);
      return;
    }

  if (g_list_model_get_n_items (G_LIST_MODEL (accounts)) == 0)
    {
      flint_application_show_login (self, NULL);
      tell_load_failure (self);
      return;
    }

  /* The keyring and the server have their answers ready when the window is */
  if (is_first)
    flint_core_connect_all (self->core);
  flint_application_show_main (self);
  tell_load_failure (self);
}

static void
flint_application_open (GApplication  *application,
                        GFile        **files,
                        int            n_files,
                        const char    *hint)
{
  FlintApplication *self = FLINT_APPLICATION (application);

  g_application_activate (application);

  for (int i = 0; i < n_files; i++)
    {
      g_autofree char *uri = g_file_get_uri (files[i]);

      flint_application_open_uri (self, uri);
    }
}

static int
flint_application_handle_local_options (GApplication *application,
                                        GVariantDict *options)
{
  FlintApplication *self = FLINT_APPLICATION (application);

  if (g_variant_dict_contains (options, "version"))
    {
      g_print ("Flint %s\n", FLINT_VERSION);
      return 0;
    }

  if (g_variant_dict_contains (options, "demo"))
    {
      self->is_demo = TRUE;
      g_application_set_flags (application, g_application_get_flags (application) | G_APPLICATION_NON_UNIQUE);
    }

  return -1;
}

static void
flint_application_shutdown (GApplication *application)
{
  FlintApplication *self = FLINT_APPLICATION (application);

  for (guint i = 0; i < G_N_ELEMENTS (self->signals); i++)
    g_clear_handle_id (&self->signals[i], g_source_remove);
  if (self->demo != NULL)
    flint_demo_server_stop (self->demo);

  G_APPLICATION_CLASS (flint_application_parent_class)->shutdown (application);

  g_clear_object (&self->notifier);
  g_clear_object (&self->tidier);
  g_clear_object (&self->attention);
  g_clear_object (&self->core);
  g_clear_object (&self->capture);
  g_clear_object (&self->demo);
  g_clear_pointer (&self->folder, flint_demo_folder_free);
}

static void
flint_application_get_property (GObject    *object,
                                guint       prop_id,
                                GValue     *value,
                                GParamSpec *pspec)
{
  switch (prop_id)
    {
    case PROP_DEMO:
      g_value_set_object (value, FLINT_APPLICATION (object)->demo);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
flint_application_dispose (GObject *object)
{
  FlintApplication *self = FLINT_APPLICATION (object);

  g_clear_object (&self->settings);
  g_clear_weak_pointer (&self->warning);
  g_clear_pointer (&self->load_failure, g_free);
  g_clear_pointer (&self->pending_uri, g_free);

  G_OBJECT_CLASS (flint_application_parent_class)->dispose (object);
}

static void
flint_application_class_init (FlintApplicationClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GApplicationClass *application_class = G_APPLICATION_CLASS (klass);

  object_class->dispose = flint_application_dispose;
  object_class->get_property = flint_application_get_property;

  properties[PROP_DEMO] =
    g_param_spec_object ("demo", NULL, NULL, FLINT_TYPE_DEMO_SERVER, (G_PARAM_READABLE | G_PARAM_STATIC_STRINGS));
  g_object_class_install_properties (object_class, N_PROPS, properties);

  GTK_APPLICATION_CLASS (klass)->window_removed = flint_application_window_removed;
  application_class->startup = flint_application_startup;
  application_class->activate = flint_application_activate;
  application_class->open = flint_application_open;
  application_class->handle_local_options = flint_application_handle_local_options;
  application_class->shutdown = flint_application_shutdown;
}

static void
flint_application_init (FlintApplication *self)
{
  static const GOptionEntry options[] = {
    { "demo", 0, 0, G_OPTION_ARG_NONE, NULL, N_("Start a server of its own with people to talk to; nothing is kept"), NULL },
    { "version", 0, 0, G_OPTION_ARG_NONE, NULL, N_("Show the version"), NULL },
    { NULL }
  };

  g_application_add_main_option_entries (G_APPLICATION (self), options);
}
