#include "json_peers.h"

#ifdef HAS_JANSSON
#include <jansson.h>

static size_t read_jansson(struct span document, struct arena *unused)
{
    (void)unused;
    json_t *value = json_loadb(document.at, document.len, JSON_REJECT_DUPLICATES, NULL);
    json_decref(value);
    return value != NULL;
}
#endif

#ifdef HAS_LIBCJSON
#include <cjson/cJSON.h>

static size_t read_cjson(struct span document, struct arena *unused)
{
    (void)unused;
    cJSON *value = cJSON_ParseWithLength(document.at, document.len);
    cJSON_Delete(value);
    return value != NULL;
}
#endif

#ifdef HAS_YAJL
#include <yajl/yajl_parse.h>

static size_t read_yajl(struct span document, struct arena *unused)
{
    (void)unused;
    static const yajl_callbacks none = { 0 };
    yajl_handle handle = yajl_alloc(&none, NULL, NULL);
    if (handle == NULL) return 0;
    yajl_status status = yajl_parse(handle, (const unsigned char *)document.at, document.len);
    if (status == yajl_status_ok) status = yajl_complete_parse(handle);
    yajl_free(handle);
    return status == yajl_status_ok;
}
#endif

const struct json_peer json_peers[] = {
#ifdef HAS_JANSSON
    { "jansson (tree)", read_jansson },
#endif
#ifdef HAS_LIBCJSON
    { "cJSON (tree)", read_cjson },
#endif
#ifdef HAS_YAJL
    { "yajl (events)", read_yajl },
#endif
    { NULL, NULL },
};
const size_t json_peers_count = sizeof(json_peers) / sizeof(json_peers[0]) - 1;
