/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "flint-core.h"
#include "flint-demo-server.h"

#include <adwaita.h>

G_BEGIN_DECLS

typedef struct _ConsoleCapture ConsoleCapture;

#define FLINT_TYPE_APPLICATION (flint_application_get_type ())

G_DECLARE_FINAL_TYPE (FlintApplication, flint_application, FLINT, APPLICATION, AdwApplication)

/* Owns the core, the settings and the capture, and knows the windows: whoever wants one opened asks
 * here. Actions "app.*" are in flint-application-actions.c.
 */
FlintApplication *flint_application_new                (void);
FlintCore        *flint_application_get_core           (FlintApplication  *self);
GSettings        *flint_application_get_settings       (FlintApplication  *self);
ConsoleCapture   *flint_application_get_capture        (FlintApplication  *self);
FlintDemoServer  *flint_application_get_demo           (FlintApplication  *self);
GtkWindow        *flint_application_show_main          (FlintApplication  *self);
GtkWindow        *flint_application_show_login         (FlintApplication  *self,
                                                        FlintAccount      *account);
GtkWindow        *flint_application_show_conversation  (FlintApplication  *self,
                                                        FlintConversation *conversation);
GtkWindow        *flint_application_show_headlines     (FlintApplication  *self,
                                                        FlintHeadline     *headline);
GtkWindow        *flint_application_show_letter        (FlintApplication  *self,
                                                        FlintLetter       *letter);
GtkWindow        *flint_application_write_letter       (FlintApplication  *self,
                                                        FlintAccount      *account,
                                                        XmppJid           *to);
GtkWindow        *flint_application_show_console       (FlintApplication  *self);
GtkWindow        *flint_application_show_preferences   (FlintApplication  *self,
                                                        const char        *page);
GtkWindow        *flint_application_add_contact        (FlintApplication  *self,
                                                        FlintAccount      *account,
                                                        XmppJid           *jid,
                                                        const char        *group);
GtkWindow        *flint_application_join_room          (FlintApplication  *self,
                                                        FlintAccount      *account,
                                                        XmppJid           *jid,
                                                        const char        *password);
void              flint_application_start_demo         (FlintApplication  *self);
void              flint_application_toast              (FlintApplication  *self,
                                                        const char        *text);
void              flint_application_tell_change        (GObject           *account,
                                                        GAsyncResult      *result,
                                                        gpointer           application);
FlintAccount     *flint_application_get_default_account (FlintApplication *self);

G_END_DECLS
