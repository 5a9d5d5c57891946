/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xmpp-router.h"
#include "xmpp-atom.h"

/* A handler or a field, under the names that lead to it. They are atoms, as are the names of a received
 * node that our code knows: equal names are equal pointers, and finding needs no string.
 */
typedef struct _Route Route;

struct _Route
{
  const char             *name;      /* NULL, and ns: whatever the children */
  const char             *ns;
  XmppModule             *module;
  const XmppHandler      *handler;   /* either this */
  const XmppMessageField *field;     /* or this */
  guint64                 turn;      /* the last stanza that was given to it */
  Route                  *next;      /* of the same names, in the order of the modules */
};

/* All routes of one kind of stanza. They stay few and are looked for at each child of each stanza, mostly in
 * vain: so the table is kept so thin that the first place nearly always says whether there is one.
 */
#define N_PLACES    256                /* 2 to the power of 32 - 24: see get_place () */
#define MAX_ROUTES  (N_PLACES / 4)

typedef struct
{
  Route  *places[N_PLACES];            /* the first of its names; NULL ends a search */
  guint   n_routes;
} Table;

struct _XmppRouter
{
  GPtrArray *modules;        /* owned XmppModule, in the order of xmpp_module_types */
  GPtrArray *classifiers;    /* those of them that know somebody */
  GPtrArray *takers;         /* those that may take a message */
  GPtrArray *all;            /* owned Route */
  Table      iq;
  Table      presence;
  Table      message;
  guint64    turn;
};

static guint
get_place (const char *name,
           const char *ns)
{
  /* Strings lie close together, so it is the low bits that differ */
  guint mixed = GPOINTER_TO_UINT (name) * 31 + GPOINTER_TO_UINT (ns);

  return (mixed * 0x9E3779B9u) >> 24;
}

static Route **
find_place (Table      *table,
            const char *name,
            const char *ns)
{
  guint place = get_place (name, ns);

  for (;; place = (place + 1) % N_PLACES)
    {
      Route *route = table->places[place];

      if (route == NULL || (route->name == name && route->ns == ns))
        return &table->places[place];
    }
}

static Route *
find_route (Table      *table,
            const char *name,
            const char *ns)
{
  return *find_place (table, name, ns);
}

static void
add_route (XmppRouter *self,
           Table      *table,
           Route       names)
{
  Route *route = g_memdup2 (&names, sizeof names);
  Route **last;

  table->n_routes++;
  g_assert (table->n_routes <= MAX_ROUTES);

  route->name = xmpp_atom (names.name);
  route->ns = xmpp_atom (names.ns);
  g_ptr_array_add (self->all, route);

  last = find_place (table, route->name, route->ns);
  while (*last != NULL)
    last = &(*last)->next;
  *last = route;
}

static Table *
get_table (XmppRouter *self,
           const char *stanza)
{
  if (g_str_equal (stanza, "iq"))
    return &self->iq;

  g_assert (g_str_equal (stanza, "presence"));

  return &self->presence;
}

static void
add_module (XmppRouter  *self,
            XmppSession *session,
            GType        type)
{
  XmppModule *module = g_object_new (type, "session", session, NULL);
  XmppModuleClass *klass = XMPP_MODULE_GET_CLASS (module);

  g_ptr_array_add (self->modules, module);
  if (klass->classify != NULL)
    g_ptr_array_add (self->classifiers, module);
  if (klass->message != NULL)
    g_ptr_array_add (self->takers, module);

  for (const XmppHandler *h = klass->handlers; h != NULL && h->stanza != NULL; h++)
    {
      /* Whoever adds one forgot to say whom it hears */
      g_assert (h->senders != 0 && h->handle != NULL);

      add_route (self, get_table (self, h->stanza), (Route) { h->name, h->ns, module, h, NULL });
    }

  for (const XmppMessageField *f = klass->fields; f != NULL && f->name != NULL; f++)
    {
      g_assert (f->senders != 0 || (f->read == NULL && f->unwrap == NULL));

      add_route (self, &self->message, (Route) { f->name, f->ns, module, NULL, f });
    }
}

XmppRouter *
xmpp_router_new (XmppSession *session)
{
  XmppRouter *self = g_new0 (XmppRouter, 1);

  self->modules = g_ptr_array_new_with_free_func (g_object_unref);
  self->classifiers = g_ptr_array_new ();
  self->takers = g_ptr_array_new ();
  self->all = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; xmpp_module_types[i] != NULL; i++)
    add_module (self, session, xmpp_module_types[i] ());

  return self;
}

void
xmpp_router_free (XmppRouter *self)
{
  g_ptr_array_unref (self->all);
  g_ptr_array_unref (self->classifiers);
  g_ptr_array_unref (self->takers);
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
xmpp_router_lost (XmppRouter *self)
{
  for (guint i = 0; i < self->modules->len; i++)
    {
      XmppModule *module = g_ptr_array_index (self->modules, i);
      XmppModuleClass *klass = XMPP_MODULE_GET_CLASS (module);

      if (klass->lost != NULL)
        klass->lost (module);
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

  for (guint i = 0; i < self->classifiers->len; i++)
    {
      XmppModule *module = g_ptr_array_index (self->classifiers, i);

      sender |= XMPP_MODULE_GET_CLASS (module)->classify (module, from);
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
           XmppJid        *from,
           XmppSender      sender)
{
  const XmppNode *root = xmpp_stanza_get_root (stanza);

  for (; route != NULL; route = route->next)
    {
      if (!is_for_type (route->handler, type))
        continue;

      if (route->handler->senders & sender)
        {
          route->handler->handle (route->module, stanza, child, from, sender);
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
                       XmppJid    *from,
                       XmppSender  sender)
{
  const XmppNode *child = xmpp_stanza_get_root (stanza)->first_child;

  return answer_iq (find_route (&self->iq, child->name, child->ns), stanza, child, type, from, sender) ||
         answer_iq (find_route (&self->iq, NULL, NULL), stanza, child, type, from, sender);
}

/* All modules that want it get it, each handler once even if its child is there twice. That one may not
 * hear it is so with nearly all that a room of thousands brings, and not worth a word.
 */
void
xmpp_router_handle_presence (XmppRouter *self,
                             XmppStanza *stanza,
                             const char *type,
                             XmppJid    *from,
                             XmppSender  sender)
{
  const XmppNode *root = xmpp_stanza_get_root (stanza);
  guint64 turn = ++self->turn;

  XMPP_NODE_FOREACH_CHILD (root, child)
    {
      Route *route = find_route (&self->presence, child->name, child->ns);

      for (; route != NULL && route->turn != turn; route = route->next)
        {
          route->turn = turn;
          if ((route->handler->senders & sender) && is_for_type (route->handler, type))
            route->handler->handle (route->module, stanza, child, from, sender);
        }
    }

  for (Route *route = find_route (&self->presence, NULL, NULL); route != NULL; route = route->next)
    {
      if ((route->handler->senders & sender) && is_for_type (route->handler, type))
        route->handler->handle (route->module, stanza, NULL, from, sender);
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
      Route *route = find_route (&self->message, child->name, child->ns);

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
      Route *route = find_route (&self->message, child->name, child->ns);

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
  for (guint i = 0; i < self->takers->len; i++)
    {
      XmppModule *module = g_ptr_array_index (self->takers, i);

      if (XMPP_MODULE_GET_CLASS (module)->message (module, message))
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
