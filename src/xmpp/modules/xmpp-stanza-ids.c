/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* XEP-0359: Unique and Stable Stanza IDs */

#include "xmpp-stanza-ids.h"

#include "xmpp-archive.h"

#define NS_SID "urn:xmpp:sid:0"

struct _XmppStanzaIds
{
  XmppModule parent_instance;

  XmppArchive *archive;      /* borrowed; NULL: it was not needed yet */
};

G_DEFINE_FINAL_TYPE (XmppStanzaIds, xmpp_stanza_ids, XMPP_TYPE_MODULE)

static XmppArchive *
get_archive (XmppStanzaIds *self)
{
  if (self->archive == NULL)
    self->archive = xmpp_session_get_module (xmpp_module_get_session (XMPP_MODULE (self)), XMPP_TYPE_ARCHIVE);

  return self->archive;
}

/* Whose archive a live message is in: the room's that it was said in, else our own */
static gboolean
is_by_archive (XmppStanzaIds     *self,
               const XmppNode    *stanza_id,
               const XmppMessage *message)
{
  g_autoptr(XmppJid) by = xmpp_jid_new_received (xmpp_node_get (stanza_id, "by"));
  gboolean is_room = message->type == XMPP_MESSAGE_GROUPCHAT;

  if (by == NULL || !xmpp_jid_is_bare (by))
    return FALSE;

  if (is_room ? !xmpp_jid_equal_bare (by, message->from)
              : !xmpp_jid_equal (by, xmpp_session_get_jid (xmpp_module_get_session (XMPP_MODULE (self)))))
    return FALSE;

  /* Who keeps no archive does not take away what others write in its name (XEP-0359, 5; T048) */
  return xmpp_archive_is_known (get_archive (self), by);
}

/* Two from the same one, and nobody knows which is his: none is believed */
static gboolean
is_only_one (const XmppNode *stanza_id)
{
  const char *by = xmpp_node_get (stanza_id, "by");

  XMPP_NODE_FOREACH_CHILD (stanza_id->parent, child)
    if (child != stanza_id && xmpp_node_is (child, "stanza-id", NS_SID) && g_strcmp0 (xmpp_node_get (child, "by"), by) == 0)
      return FALSE;

  return TRUE;
}

/* What comes out of an archive has the id that this gives now */
static void
read_stanza_id (XmppModule     *module,
                const XmppNode *stanza_id,
                XmppMessage    *message)
{
  const char *id = xmpp_node_get (stanza_id, "id");

  if (message->pending == NULL && id != NULL && *id != '\0' && is_only_one (stanza_id) &&
      is_by_archive (XMPP_STANZA_IDS (module), stanza_id, message))
    message->archive_id = id;
}

/* The sender says that nothing else of his has this id; a room may have given it another one as its "id" */
static void
read_origin_id (XmppModule     *module,
                const XmppNode *origin_id,
                XmppMessage    *message)
{
  const char *id = xmpp_node_get (origin_id, "id");

  if (id != NULL && *id != '\0')
    message->origin_id = id;
}

static void
write_origin_id (XmppModule        *module,
                 const XmppMessage *message,
                 XmppNode          *stanza)
{
  if (message->body != NULL && message->id != NULL)
    xmpp_node_set (xmpp_node_add (stanza, "origin-id", NS_SID), "id", message->id);
}

static const char * const features[] = { NS_SID, NULL };

static const XmppMessageField fields[] = {
  { "stanza-id", NS_SID, .read = read_stanza_id, .senders = XMPP_SENDER_ANY },
  { "origin-id", NS_SID, .read = read_origin_id, .write = write_origin_id, .senders = XMPP_SENDER_ANY },
  { NULL }
};

static void
xmpp_stanza_ids_class_init (XmppStanzaIdsClass *klass)
{
  XmppModuleClass *module_class = XMPP_MODULE_CLASS (klass);

  module_class->features = features;
  module_class->fields = fields;
}

static void
xmpp_stanza_ids_init (XmppStanzaIds *self)
{
}
