/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fake-resolver.h"

struct _FakeResolver
{
  GResolver   parent_instance;

  GHashTable *records;   /* name → GPtrArray of GVariant */
  GHashTable *hosts;     /* name → GPtrArray of GInetAddress */
  GHashTable *failures;  /* name → code */
  GPtrArray  *asked;     /* of char * */
};

G_DEFINE_FINAL_TYPE (FakeResolver, fake_resolver, G_TYPE_RESOLVER)

static gboolean
on_cancelled (GCancellable *cancellable,
              gpointer      user_data)
{
  g_task_return_error_if_cancelled (user_data);

  return G_SOURCE_REMOVE;
}

/* NULL: there is a failure, or no answer before it is cancelled */
static GTask *
begin (FakeResolver        *self,
       const char          *name,
       GCancellable        *cancellable,
       GAsyncReadyCallback  callback,
       gpointer             user_data)
{
  g_autoptr(GTask) task = g_task_new (self, cancellable, callback, user_data);
  gpointer code;

  g_ptr_array_add (self->asked, g_strdup (name));
  if (!g_hash_table_lookup_extended (self->failures, name, NULL, &code))
    return g_steal_pointer (&task);

  if (GPOINTER_TO_INT (code) >= 0)
    {
      g_task_return_new_error (task, G_RESOLVER_ERROR, GPOINTER_TO_INT (code), "%s: as the test wants it", name);
    }
  else
    {
      g_autoptr(GSource) source = g_cancellable_source_new (cancellable);

      g_task_attach_source (task, source, (GSourceFunc) (GCallback) on_cancelled);
    }

  return NULL;
}

static void
free_variants (gpointer list)
{
  g_list_free_full (list, (GDestroyNotify) g_variant_unref);
}

static void
fake_resolver_lookup_records_async (GResolver           *resolver,
                                    const char          *name,
                                    GResolverRecordType  type,
                                    GCancellable        *cancellable,
                                    GAsyncReadyCallback  callback,
                                    gpointer             user_data)
{
  FakeResolver *self = FAKE_RESOLVER (resolver);
  g_autoptr(GTask) task = begin (self, name, cancellable, callback, user_data);
  GPtrArray *records = g_hash_table_lookup (self->records, name);
  GList *list = NULL;

  g_assert_cmpint (type, ==, G_RESOLVER_RECORD_SRV);
  if (task == NULL)
    return;

  if (records == NULL)
    {
      g_task_return_new_error (task, G_RESOLVER_ERROR, G_RESOLVER_ERROR_NOT_FOUND, "%s: no such record", name);
      return;
    }

  for (guint i = records->len; i > 0; i--)
    list = g_list_prepend (list, g_variant_ref (records->pdata[i - 1]));
  g_task_return_pointer (task, list, free_variants);
}

static GList *
fake_resolver_lookup_records_finish (GResolver     *resolver,
                                     GAsyncResult  *result,
                                     GError       **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static gboolean
is_wanted (GInetAddress             *address,
           GResolverNameLookupFlags  flags)
{
  GSocketFamily family = g_inet_address_get_family (address);

  return !(flags & G_RESOLVER_NAME_LOOKUP_FLAGS_IPV4_ONLY && family != G_SOCKET_FAMILY_IPV4) &&
         !(flags & G_RESOLVER_NAME_LOOKUP_FLAGS_IPV6_ONLY && family != G_SOCKET_FAMILY_IPV6);
}

static void
fake_resolver_lookup_by_name_with_flags_async (GResolver                *resolver,
                                               const char               *name,
                                               GResolverNameLookupFlags  flags,
                                               GCancellable             *cancellable,
                                               GAsyncReadyCallback       callback,
                                               gpointer                  user_data)
{
  FakeResolver *self = FAKE_RESOLVER (resolver);
  g_autoptr(GTask) task = begin (self, name, cancellable, callback, user_data);
  GPtrArray *addresses = g_hash_table_lookup (self->hosts, name);
  GList *list = NULL;

  if (task == NULL)
    return;

  for (guint i = addresses != NULL ? addresses->len : 0; i > 0; i--)
    {
      if (is_wanted (addresses->pdata[i - 1], flags))
        list = g_list_prepend (list, g_object_ref (addresses->pdata[i - 1]));
    }

  if (list != NULL)
    g_task_return_pointer (task, list, (GDestroyNotify) g_resolver_free_addresses);
  else
    g_task_return_new_error (task, G_RESOLVER_ERROR, G_RESOLVER_ERROR_NOT_FOUND, "%s: no such host", name);
}

static GList *
fake_resolver_lookup_by_name_with_flags_finish (GResolver     *resolver,
                                                GAsyncResult  *result,
                                                GError       **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
fake_resolver_finalize (GObject *object)
{
  FakeResolver *self = FAKE_RESOLVER (object);

  g_hash_table_unref (self->records);
  g_hash_table_unref (self->hosts);
  g_hash_table_unref (self->failures);
  g_ptr_array_unref (self->asked);

  G_OBJECT_CLASS (fake_resolver_parent_class)->finalize (object);
}

static void
fake_resolver_class_init (FakeResolverClass *klass)
{
  GResolverClass *resolver_class = G_RESOLVER_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = fake_resolver_finalize;

  resolver_class->lookup_records_async = fake_resolver_lookup_records_async;
  resolver_class->lookup_records_finish = fake_resolver_lookup_records_finish;
  resolver_class->lookup_by_name_with_flags_async = fake_resolver_lookup_by_name_with_flags_async;
  resolver_class->lookup_by_name_with_flags_finish = fake_resolver_lookup_by_name_with_flags_finish;
}

static void
fake_resolver_init (FakeResolver *self)
{
  self->records = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_ptr_array_unref);
  self->hosts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_ptr_array_unref);
  self->failures = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->asked = g_ptr_array_new_with_free_func (g_free);
}

FakeResolver *
fake_resolver_new (void)
{
  return g_object_new (FAKE_TYPE_RESOLVER, NULL);
}

static void
add (GHashTable     *table,
     const char     *name,
     gpointer        value,
     GDestroyNotify  free_value)
{
  GPtrArray *values = g_hash_table_lookup (table, name);

  if (values == NULL)
    {
      values = g_ptr_array_new_with_free_func (free_value);
      g_hash_table_insert (table, g_strdup (name), values);
    }
  g_ptr_array_add (values, value);
}

void
fake_resolver_add_srv (FakeResolver *self,
                       const char   *name,
                       guint16       priority,
                       guint16       weight,
                       const char   *host,
                       guint16       port)
{
  add (self->records, name, g_variant_ref_sink (g_variant_new ("(qqqs)", priority, weight, port, host)),
       (GDestroyNotify) g_variant_unref);
}

void
fake_resolver_add_host (FakeResolver *self,
                        const char   *name,
                        const char   *address)
{
  add (self->hosts, name, g_inet_address_new_from_string (address), g_object_unref);
}

void
fake_resolver_fail (FakeResolver *self,
                    const char   *name,
                    int           code)
{
  g_hash_table_insert (self->failures, g_strdup (name), GINT_TO_POINTER (code));
}

gboolean
fake_resolver_was_asked (FakeResolver *self,
                         const char   *name)
{
  if (name == NULL)
    return self->asked->len > 0;

  return g_ptr_array_find_with_equal_func (self->asked, name, g_str_equal, NULL);
}
