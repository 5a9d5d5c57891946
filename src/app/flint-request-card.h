/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "flint-application.h"
#include "flint-request.h"

G_BEGIN_DECLS

#define FLINT_TYPE_REQUEST_CARD (flint_request_card_get_type ())

/* A contact request at the top of the list; it stays until it is answered */
G_DECLARE_FINAL_TYPE (FlintRequestCard, flint_request_card, FLINT, REQUEST_CARD, GtkBox)

GtkWidget *flint_request_card_new (FlintApplication *application,
                                   FlintRequest     *request);

G_END_DECLS
