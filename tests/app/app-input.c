/* SPDX-License-Identifier: GPL-3.0-or-later */
/* XTEST, spoken by hand: its library is not everywhere where GTK is. */
#include "flint-config.h"

#include "app-input.h"

#include "app-driver.h"

#include <xcb/xcb.h>
#include <xcb/xcbext.h>

#define XTEST_FAKE_INPUT 2

/* xXTestFakeInputReq of xtestproto */
typedef struct
{
  uint8_t  major_opcode;
  uint8_t  minor_opcode;
  uint16_t length;
  uint8_t  type;
  uint8_t  detail;
  uint16_t pad0;
  uint32_t time;
  uint32_t root;
  uint8_t  pad1[8];
  int16_t  x;
  int16_t  y;
  uint8_t  pad2[7];
  uint8_t  device;
} FakeInput;

G_STATIC_ASSERT (sizeof (FakeInput) == 36);

static xcb_connection_t *
get_connection (void)
{
  static xcb_connection_t *connection;

  if (g_once_init_enter (&connection))
    g_once_init_leave (&connection, xcb_connect (NULL, NULL));

  return connection;
}

static xcb_window_t
get_root (void)
{
  return xcb_setup_roots_iterator (xcb_get_setup (get_connection ())).data->root;
}

static void
fake_input (uint8_t type,
            uint8_t detail,
            int     x,
            int     y)
{
  static xcb_extension_t xtest = { "XTEST", 0 };
  const xcb_protocol_request_t protocol = { .count = 2, .ext = &xtest, .opcode = XTEST_FAKE_INPUT, .isvoid = 1 };
  xcb_connection_t *connection = get_connection ();
  FakeInput input = { .type = type, .detail = detail, .root = get_root (), .x = x, .y = y };
  struct iovec parts[4] = { { 0 } };

  if (!xcb_get_extension_data (connection, &xtest)->present)
    g_error ("The display has no XTEST");

  parts[2].iov_base = &input;
  parts[2].iov_len = sizeof input;
  parts[3].iov_len = -sizeof input & 3;
  xcb_send_request (connection, 0, parts + 2, &protocol);
}

/* Returns when the display has handed out what was done, and the program has worked on it */
static void
finish (gpointer widget)
{
  xcb_connection_t *connection = get_connection ();

  g_autoptr(GtkWidget) native = g_object_ref (GTK_WIDGET (gtk_widget_get_native (widget)));

  free (xcb_get_input_focus_reply (connection, xcb_get_input_focus (connection), NULL));
  gdk_display_sync (gdk_display_get_default ());

  /* it may have closed the window */
  while (g_main_context_iteration (NULL, FALSE))
    continue;
  if (gtk_widget_get_mapped (native))
    app_settle (native);
}

/* Keys */

static uint8_t
get_keycode (guint    keyval,
             gboolean *needs_shift)
{
  g_autofree GdkKeymapKey *keys = NULL;
  int n_keys;

  if (!gdk_display_map_keyval (gdk_display_get_default (), keyval, &keys, &n_keys))
    g_error ("The keyboard has no %s", gdk_keyval_name (keyval));

  for (int i = 0; i < n_keys; i++)
    {
      if (keys[i].group == 0 && keys[i].level <= 1)
        {
          *needs_shift = keys[i].level == 1;
          return keys[i].keycode;
        }
    }

  g_error ("The keyboard has %s only with keys that are not held here", gdk_keyval_name (keyval));
}

static void
hold (guint    keyval,
      gboolean is_down)
{
  gboolean needs_shift;

  fake_input (is_down ? XCB_KEY_PRESS : XCB_KEY_RELEASE, get_keycode (keyval, &needs_shift), 0, 0);
}

static void
press (guint           keyval,
       GdkModifierType modifiers)
{
  static const struct
  {
    GdkModifierType modifier;
    guint           keyval;
  } keys[] = {
    { GDK_CONTROL_MASK, GDK_KEY_Control_L },
    { GDK_ALT_MASK,     GDK_KEY_Alt_L },
    { GDK_SHIFT_MASK,   GDK_KEY_Shift_L },
  };
  gboolean needs_shift;
  uint8_t keycode = get_keycode (keyval, &needs_shift);

  if (needs_shift)
    modifiers |= GDK_SHIFT_MASK;

  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    {
      if (modifiers & keys[i].modifier)
        hold (keys[i].keyval, TRUE);
    }

  fake_input (XCB_KEY_PRESS, keycode, 0, 0);
  fake_input (XCB_KEY_RELEASE, keycode, 0, 0);

  for (guint i = G_N_ELEMENTS (keys); i-- > 0; )
    {
      if (modifiers & keys[i].modifier)
        hold (keys[i].keyval, FALSE);
    }
}

void
app_key (gpointer    window,
         const char *accelerator)
{
  GdkModifierType modifiers;
  guint keyval;

  if (!gtk_accelerator_parse (accelerator, &keyval, &modifiers))
    g_error ("%s is no key", accelerator);

  press (keyval, modifiers);
  finish (window);
}

void
app_type_keys (gpointer    window,
               const char *text)
{
  for (; *text != '\0'; text++)
    press (gdk_unicode_to_keyval (*text), 0);

  finish (window);
}

void
app_hold_key (gpointer window,
              guint    keyval,
              gboolean is_down)
{
  hold (keyval, is_down);
  finish (window);
}

/* The mouse. Without a window manager each window is at the origin of the screen. */

static void
point (GtkWidget *widget,
       double     x,
       double     y)
{
  GtkNative *native = gtk_widget_get_native (widget);
  graphene_point_t at;
  double dx;
  double dy;

  if (x < 0)
    {
      x = gtk_widget_get_width (widget) / 2.0;
      y = gtk_widget_get_height (widget) / 2.0;
    }

  if (!gtk_widget_compute_point (widget, GTK_WIDGET (native), &GRAPHENE_POINT_INIT (x, y), &at))
    g_error ("A %s is in no window", G_OBJECT_TYPE_NAME (widget));

  gtk_native_get_surface_transform (native, &dx, &dy);
  fake_input (XCB_MOTION_NOTIFY, FALSE, at.x + dx, at.y + dy);
}

void
app_point (gpointer widget,
           double   x,
           double   y)
{
  point (widget, x, y);
  finish (widget);
}

void
app_point_away (void)
{
  xcb_connection_t *connection = get_connection ();
  xcb_screen_t *screen = xcb_setup_roots_iterator (xcb_get_setup (connection)).data;

  fake_input (XCB_MOTION_NOTIFY, FALSE, screen->width_in_pixels - 1, screen->height_in_pixels - 1);
  free (xcb_get_input_focus_reply (connection, xcb_get_input_focus (connection), NULL));
  gdk_display_sync (gdk_display_get_default ());
  while (g_main_context_iteration (NULL, FALSE))
    continue;
}

void
app_hold_button (gpointer widget,
                 guint    button,
                 gboolean is_down)
{
  fake_input (is_down ? XCB_BUTTON_PRESS : XCB_BUTTON_RELEASE, button, 0, 0);
  finish (widget);
}

void
app_click_with (gpointer widget,
                guint    button)
{
  app_point (widget, -1, -1);
  fake_input (XCB_BUTTON_PRESS, button, 0, 0);
  fake_input (XCB_BUTTON_RELEASE, button, 0, 0);
  finish (widget);
}

void
app_drag (gpointer from,
          gpointer to,
          guint    modifier)
{
  app_point (from, -1, -1);
  app_hold_button (from, 1, TRUE);
  if (modifier != 0)
    app_hold_key (from, modifier, TRUE);
  app_point (from, gtk_widget_get_width (from) / 2.0 + 12, gtk_widget_get_height (from) / 2.0 + 2);
  app_point (from, gtk_widget_get_width (from) / 2.0 + 24, gtk_widget_get_height (from) / 2.0 + 4);
  app_point (to, gtk_widget_get_width (to) / 2.0 + 6, gtk_widget_get_height (to) / 2.0);
  app_point (to, -1, -1);
  app_hold_button (to, 1, FALSE);
  if (modifier != 0)
    app_hold_key (to, modifier, FALSE);
}
