/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flint-name-color.h"

#include <math.h>

/* XEP-0392, 13.2: no correction for colour vision */
static void
test_vectors (void)
{
  static const struct
  {
    const char *name;
    double      hue;
    double      rgb[3];
  } vectors[] = {
    { "Romeo",              327.255249, { 0.865, 0.000, 0.686 } },
    { "juliet@capulet.lit", 209.410400, { 0.000, 0.515, 0.573 } },
    { "😺",                 331.199341, { 0.872, 0.000, 0.659 } },
    { "council",            359.994507, { 0.918, 0.000, 0.394 } },
  };

  for (guint i = 0; i < G_N_ELEMENTS (vectors); i++)
    {
      double rgb[3];

      g_assert_cmpfloat_with_epsilon (flint_name_color_get_hue (vectors[i].name), vectors[i].hue, 0.00001);
      flint_name_color_get_rgb (vectors[i].name, 50, rgb);
      for (guint c = 0; c < 3; c++)
        g_assert_cmpfloat_with_epsilon (rgb[c], vectors[i].rgb[c], 0.0011);
    }
}

static double
get_luminance (const double rgb[3])
{
  static const double weights[3] = { 0.2126, 0.7152, 0.0722 };
  double sum = 0;

  for (guint c = 0; c < 3; c++)
    sum += weights[c] * (rgb[c] <= 0.04045 ? rgb[c] / 12.92 : pow ((rgb[c] + 0.055) / 1.055, 2.4));

  return sum;
}

/* WCAG 2.1, 1.4.3: 4.5 to 1, on the white and on the dark of the windows, whatever the name */
static void
test_contrast (void)
{
  const double dark[3] = { 0x1e / 255.0, 0x1e / 255.0, 0x1e / 255.0 };

  for (guint i = 0; i < 2000; i++)
    {
      g_autofree char *name = g_strdup_printf ("name %u", i);
      double rgb[3];

      flint_name_color_get_rgb (name, FLINT_NAME_COLOR_ON_LIGHT, rgb);
      g_assert_cmpfloat (1.05 / (get_luminance (rgb) + 0.05), >=, 4.5);
      flint_name_color_get_rgb (name, FLINT_NAME_COLOR_ON_DARK, rgb);
      g_assert_cmpfloat ((get_luminance (rgb) + 0.05) / (get_luminance (dark) + 0.05), >=, 4.5);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/core/name-color/as-with-everybody", test_vectors);
  g_test_add_func ("/core/name-color/each-can-be-read", test_contrast);

  return g_test_run ();
}
