/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xmpp-router.h"
#include "xmpp-atom.h"

/* A handler or a field, under the three names that lead to it. They are atoms, as are the names of a
 * received node that our code knows: equal names are equal pointers, and finding needs no string.
 */
typedef struct _Route Route;

struct _Route
{
  const char             *stanza;
  const char             *name;      /* NULL, and ns: whatever the children */
  const char             *ns;
  XmppModule             *module;
  const XmppHandler      *handler;   /* either this */
  const XmppMessageField *field;     /* or this */
  guint64                 turn;      /* the last stanza that was given to it */
  Route                  *next;      /* of the same names, in the order of the modules */
};

struct _XmppRouter
{
  GPtrArray  *modules;   /* owned XmppModule, in the order of xmpp_module_types */
  GHashTable *routes;    /* Route → itself: the first of its names */
  GPtrArray  *all;       /* owned Route */
  guint64     turn;
  const char *iq;        /* atoms */
  const char *presence;
  const char *message;
};

static guint
route_hash (gconstpointer key)
{
  const Route *route = key;
  guint hash = GPOINTER_TO_UINT (route->stanza);

  hash = hash * 31 + GPOINTER_TO_UINT (route->name);
  return hash * 31 + GPOINTER_TO_UINT (route->ns);
}

static gboolean
route_equal (gconstpointer a,
             gconstpointer b)
{
  const Route *x = a;
  const Route *y = b;

  return x->stanza == y->stanza && x->name == y->name && x->ns == y->ns;
}

static Route *
find_route (XmppRouter *self,
            const char *stanza,
            const char *name,
            const char *ns)
{
  Route key = { .stanza = stanza, .name = name, .ns = ns };

  return g_hash_table_lookup (self->routes, &key);
}

static void
add_route (XmppRouter *self,
           Route       names)
{
  Route *route = g_memdup2 (&names, sizeof names);
  Route *before;

  route->stanza = xmpp_atom (names.stanza);
  route->name = names.name != NULL ? xmpp_atom (names.name) : NULL;
  route->ns = names.ns != NULL ? xmpp_atom (names.ns) : NULL;
  g_ptr_array_add (self->all, route);

  before = g_hash_table_lookup (self->routes, route);
  if (before == NULL)
    {
      g_hash_table_add (self->routes, route);
      return;
    }

  while (before->next != NULL)
    before = before->next;
  before->next = route;
}

static void
add_module (XmppRouter  *self,
            XmppSession *session,
            GType        type)
{
  XmppModule *module = g_object_new (type, "session", session, NULL);
  XmppModuleClass *klass = XMPP_MODULE_GET_CLASS (module);

  g_ptr_array_add (self->modules, module);

  for (const XmppHandler *h = klass->handlers; h != NULL && h->stanza != NULL; h++)
    {
      /* Whoever adds one forgot to say whom it hears */
      g_assert (h->senders != 0 && h->handle != NULL);

      add_route (self, (Route) { h->stanza, h->name, h->ns, module, h, NULL });
    }

  for (const XmppMessageField *f = klass->fields; f != NULL && f->name != NULL; f++)
    {
      g_assert (f->senders != 0 || (f->read == NULL && f->unwrap == NULL));

      add_route (self, (Route) { "message", f->name, f->ns, module, NULL, f });
    }
}

XmppRouter *
xmpp_router_new (XmppSession *session)
{
  XmppRouter *self = g_new0 (XmppRouter, 1);

  self->modules = g_ptr_array_new_with_free_func (g_object_unref);
  self->routes = g_hash_table_new (route_hash, route_equal);
  self->all = g_ptr_array_new_with_free_func (g_free);
  self->iq = xmpp_atom ("iq");
  self->presence = xmpp_atom ("presence");
  self->message = xmpp_atom ("message");

  for (guint i = 0; xmpp_module_types[i] != NULL; i++)
    add_module (self, session, xmpp_module_types[i] ());

  return self;
}

void
xmpp_router_free (XmppRouter *self)
{
  g_hash_table_unref (self->routes);
  g_ptr_array_unref (self->all);
  g_ptr_array_unref (self->modules);
  g_free (self);
}

/* Returns: (transfer none): the module of just this type, or NULL */
gpointer
xmpp_router_get_module (XmppRouter *self,
                        GType       type)
{
  for (guint i = 0; i < self->modules->len; i++)
    {
      if (G_OBJECT_TYPE (g_ptr_array_index (self->modules, i)) == type)
        return g_ptr_array_index (self->modules, i);
    }

  return NULL;
}

void
xmpp_router_online (XmppRouter *self,
                    gboolean    resumed)
{
  for (guint i = 0; i < self->modules->len; i++)
    {
      XmppModule *module = g_ptr_array_index (self->modules, i);
      XmppModuleClass *klass = XMPP_MODULE_GET_CLASS (module);

      if (klass->online != NULL)
        klass->online (module, resumed);
    }
}

void
xmpp_router_offline (XmppRouter *self)
{
  for (guint i = 0; i < self->modules->len; i++)
    {
      XmppModule *module = g_ptr_array_index (self->modules, i);
      XmppModuleClass *klass = XMPP_MODULE_GET_CLASS (module);

      if (klass->offline != NULL)
        klass->offline (module);
    }
}

/* What the modules know of somebody who is neither us nor our server. An address in a room that we
 * are in is a room's, whatever else the roster says of it: an occupant is never a contact (T032, T093).
 */
XmppSender
xmpp_router_classify (XmppRouter    *self,
                      const XmppJid *from)
{
  const XmppSender rooms = XMPP_SENDER_ROOM | XMPP_SENDER_OCCUPANT;
  XmppSender sender = 0;

  for (guint i = 0; i < self->modules->len; i++)
    {
      XmppModule *module = g_ptr_array_index (self->modules, i);
      XmppModuleClass *klass = XMPP_MODULE_GET_CLASS (module);

      if (klass->classify != NULL)
        sender |= klass->classify (module, from);
    }

  if ((sender & rooms) != 0)
    sender &= rooms;

  return sender != 0 ? sender : XMPP_SENDER_STRANGER;
}

static gboolean
is_for_type (const XmppHandler *handler,
             const char        *type)
{
  return handler->type == NULL || g_strcmp0 (handler->type, type) == 0;
}

static gboolean
answer_iq (Route          *route,
           XmppStanza     *stanza,
           const XmppNode *child,
           const char     *type,
           XmppSender      sender)
{
  const XmppNode *root = xmpp_stanza_get_root (stanza);

  for (; route != NULL; route = route->next)
    {
      if (!is_for_type (route->handler, type))
        continue;

      if (route->handler->senders & sender)
        {
          route->handler->handle (route->module, stanza, child, sender);
          return TRUE;
        }

      /* Who, never what */
      g_debug ("<%s/> with <%s/> from %s is not for them to say", root->name,
               route->handler->name != NULL ? route->handler->name : "*", xmpp_node_get (root, "from"));
    }

  return FALSE;
}

/* stanza: an <iq/> of type get or set with just one child. The first module that may hear it answers;
 * FALSE: nobody does.
 */
gboolean
xmpp_router_handle_iq (XmppRouter *self,
                       XmppStanza *stanza,
                       const char *type,
                       XmppSender  sender)
{
  const XmppNode *child = xmpp_stanza_get_root (stanza)->first_child;

  return answer_iq (find_route (self, self->iq, child->name, child->ns), stanza, child, type, sender) ||
         answer_iq (find_route (self, self->iq, NULL, NULL), stanza, child, type, sender);
}

/* All modules that want it get it, each handler once even if its child is there twice. That one may not
 * hear it is so with nearly all that a room of thousands brings, and not worth a word.
 */
void
xmpp_router_handle_presence (XmppRouter *self,
                             XmppStanza *stanza,
                             const char *type,
                             XmppSender  sender)
{
  const XmppNode *root = xmpp_stanza_get_root (stanza);
  guint64 turn = ++self->turn;

  XMPP_NODE_FOREACH_CHILD (root, child)
    {
      Route *route = find_route (self, self->presence, child->name, child->ns);

      for (; route != NULL && route->turn != turn; route = route->next)
        {
          route->turn = turn;
          if ((route->handler->senders & sender) && is_for_type (route->handler, type))
            route->handler->handle (route->module, stanza, child, sender);
        }
    }

  for (Route *route = find_route (self, self->presence, NULL, NULL); route != NULL; route = route->next)
    {
      if ((route->handler->senders & sender) && is_for_type (route->handler, type))
        route->handler->handle (route->module, stanza, NULL, sender);
    }
}

static const XmppNode *
find_wrapper (XmppRouter      *self,
              const XmppNode  *root,
              XmppSender       sender,
              Route          **found)
{
  XMPP_NODE_FOREACH_CHILD (root, child)
    {
      Route *route = find_route (self, self->message, child->name, child->ns);

      for (; route != NULL; route = route->next)
        {
          if (route->field->unwrap != NULL && (route->field->senders & sender))
            {
              *found = route;
              return child;
            }
        }
    }

  return NULL;
}

/* One layer (T006): *root becomes the message within, and what else the wrapper carries counts for
 * nothing (T125). FALSE: the module says that there is nothing to be read.
 */
gboolean
xmpp_router_unwrap (XmppRouter      *self,
                    const XmppNode **root,
                    XmppMessage     *message)
{
  Route *route = NULL;
  const XmppNode *wrapper = find_wrapper (self, *root, message->sender, &route);

  if (wrapper != NULL)
    *root = route->field->unwrap (route->module, wrapper, message);

  return *root != NULL;
}

/* All fields of one message. A wrapper that is still here is within another one, or from somebody
 * who may not wrap: it is inert.
 */
void
xmpp_router_read_message (XmppRouter     *self,
                          const XmppNode *root,
                          XmppMessage    *message)
{
  XMPP_NODE_FOREACH_CHILD (root, child)
    {
      Route *route = find_route (self, self->message, child->name, child->ns);

      for (; route != NULL; route = route->next)
        {
          const XmppMessageField *field = route->field;

          if (field->read == NULL || field->unwrap != NULL)
            continue;

          if (field->senders & message->sender)
            field->read (route->module, child, message);
          else
            g_debug ("<%s/> in a message from %s is not for them to say", field->name,
                     xmpp_node_get (root, "from"));
        }
    }
}

/* TRUE: a module has taken it */
gboolean
xmpp_router_take_message (XmppRouter  *self,
                          XmppMessage *message)
{
  for (guint i = 0; i < self->modules->len; i++)
    {
      XmppModule *module = g_ptr_array_index (self->modules, i);
      XmppModuleClass *klass = XMPP_MODULE_GET_CLASS (module);

      if (klass->message != NULL && klass->message (module, message))
        return TRUE;
    }

  return FALSE;
}

void
xmpp_router_write_message (XmppRouter        *self,
                           const XmppMessage *message,
                           XmppNode          *root)
{
  for (guint i = 0; i < self->modules->len; i++)
    {
      XmppModule *module = g_ptr_array_index (self->modules, i);
      const XmppMessageField *field = XMPP_MODULE_GET_CLASS (module)->fields;

      for (; field != NULL && field->name != NULL; field++)
        {
          if (field->write != NULL)
            field->write (module, message, root);
        }
    }
}
