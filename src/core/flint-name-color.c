/* SPDX-License-Identifier: GPL-3.0-or-later */
/* XEP-0392: a name has the same colour with everybody. The colours are those of HSLuv, where equal lightness looks equal. */
#include "flint-name-color.h"

#include <math.h>
#include <string.h>

#define KAPPA   (24389.0 / 27.0)   /* of CIE L*u*v*, as are the next ones */
#define EPSILON (216.0 / 24389.0)
#define WHITE_U 0.19783000664283681
#define WHITE_V 0.46831999493879100

/* XYZ to linear sRGB, D65 */
static const double to_rgb[3][3] = {
  {  3.240969941904521, -1.537383177570093, -0.498610760293 },
  { -0.96924363628087,   1.87596750150772,   0.041555057407175 },
  {  0.055630079696993, -0.20397695888897,   1.056971514242878 },
};

/**
 * flint_name_color_get_hue:
 * @name: a name
 *
 * Returns: the angle of its colour, in degrees (XEP-0392, 5.1)
 */
double
flint_name_color_get_hue (const char *name)
{
  g_autoptr(GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA1);
  guint8 digest[20];
  gsize length = sizeof digest;

  g_checksum_update (checksum, (const guchar *) name, strlen (name));
  g_checksum_get_digest (checksum, digest, &length);

  return (digest[0] + digest[1] * 256) / 65536.0 * 360;
}

/* How colourful it can be with this lightness, in the direction of the hue, until one of red, green and blue has reached an end */
static double
get_max_chroma (double lightness,
                double hue)
{
  double sub1 = pow (lightness + 16, 3) / 1560896;
  double sub2 = sub1 > EPSILON ? sub1 : lightness / KAPPA;
  double max = G_MAXDOUBLE;

  for (guint c = 0; c < 3; c++)
    for (guint t = 0; t < 2; t++)
      {
        const double *m = to_rgb[c];
        double top1 = (284517 * m[0] - 94839 * m[2]) * sub2;
        double top2 = (838422 * m[2] + 769860 * m[1] + 731718 * m[0]) * lightness * sub2 - 769860 * t * lightness;
        double bottom = (632260 * m[2] - 126452 * m[1]) * sub2 + 126452 * t;
        double length = top2 / bottom / (sin (hue) - top1 / bottom * cos (hue));

        if (length >= 0)
          max = MIN (max, length);
      }

  return max;
}

static double
to_srgb (double linear)
{
  double value = linear <= 0.0031308 ? 12.92 * linear : 1.055 * pow (linear, 1 / 2.4) - 0.055;

  return CLAMP (value, 0, 1);
}

/**
 * flint_name_color_get_rgb:
 * @name: a name
 * @lightness: from 0 to 100
 * @rgb: (out): red, green and blue, from 0 to 1
 *
 * The colour of @name, as full as there is with this lightness.
 */
void
flint_name_color_get_rgb (const char *name,
                          double      lightness,
                          double      rgb[3])
{
  double hue = flint_name_color_get_hue (name) / 180 * G_PI;
  double chroma = get_max_chroma (lightness, hue);
  double u = cos (hue) * chroma / (13 * lightness) + WHITE_U;
  double v = sin (hue) * chroma / (13 * lightness) + WHITE_V;
  double y = lightness > 8 ? pow ((lightness + 16) / 116, 3) : lightness / KAPPA;
  double x = 9 * y * u / (4 * v);
  double z = (9 * y - 15 * v * y - v * x) / (3 * v);

  for (guint c = 0; c < 3; c++)
    rgb[c] = to_srgb (to_rgb[c][0] * x + to_rgb[c][1] * y + to_rgb[c][2] * z);
}
