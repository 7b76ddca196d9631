#include "gates/http/new_passkey.h"

#include "account/base64url.h"
#include "gates/http/door.h"
#include "gates/http/gate.h"

// --- Challenges ----------------------------------------------------------------------------------

bool challenge_write(struct request *request, struct json_writer *w)
{
    uint8_t bytes[DOOR_CHALLENGE_SIZE];
    struct text text = text_in(request->arena, 64);
    door_challenge(request->gate->door, bytes);
    base64url_write(&text, bytes, sizeof(bytes));
    json_key(w, SPAN("challenge"));
    json_write_string(w, text_span(&text));
    json_key(w, SPAN("rpId"));
    json_write_string(w, door_asks(request->gate->door).relying_party);
    return !text.full;
}

bool challenge_use(struct request *request, struct span client_data, struct passkey_asked *asks)
{
    struct json json;
    struct span text;
    struct error err;
    size_t size;
    uint8_t *bytes = arena_take(request->arena, DOOR_CHALLENGE_SIZE, 1);
    if (bytes == NULL || !json_read(client_data, request->arena, &json, &err) ||
        json.nodes[0].kind != JSON_OBJECT)
        return false;
    uint32_t node = json_member(&json, 0, SPAN("challenge"));
    if (node == 0 || json.nodes[node].kind != JSON_STRING ||
        !json_string(&json, node, request->arena, &text, &err) ||
        !base64url_read(text, *request->arena, bytes, DOOR_CHALLENGE_SIZE, &size) ||
        size != DOOR_CHALLENGE_SIZE || !door_use_challenge(request->gate->door, bytes))
        return false;
    *asks = door_asks(request->gate->door);
    asks->challenge = (struct span){ (const char *)bytes, DOOR_CHALLENGE_SIZE };
    return true;
}

// --- A new one -----------------------------------------------------------------------------------

void reply_creation(struct request *request, const struct account *account)
{
    struct json_writer w = json_writer_in(request->arena, 256);
    struct text user = text_in(request->arena, 64);
    struct sha256 id = sha256_of(account->name); // WebAuthn wants no name in it
    base64url_write(&user, id.bytes, SHA256_SIZE);
    json_open_object(&w);
    w.text.full = !challenge_write(request, &w) || user.full || w.text.full;
    json_key(&w, SPAN("user"));
    json_write_string(&w, text_span(&user));
    json_key(&w, SPAN("name"));
    json_write_string(&w, account->name);
    json_key(&w, SPAN("displayName"));
    json_write_string(&w, account->display);
    json_close_object(&w);
    reply_json(request, 200, &w);
}

static bool read_registration(const struct asked *asked, struct passkey_registration *registration,
                              struct error *err)
{
    struct span algorithm;
    if (!asked_bytes(asked, "credential", CREDENTIAL_MAX, &registration->credential, err) ||
        !asked_bytes(asked, "clientData", PASSKEY_TEXT_MAX, &registration->client_data, err) ||
        !asked_bytes(asked, "authenticatorData", PASSKEY_TEXT_MAX,
                     &registration->authenticator_data, err) ||
        !asked_bytes(asked, "publicKey", PASSKEY_KEY_MAX, &registration->public_key, err) ||
        !asked_text(asked, "algorithm", true, &algorithm, err))
        return false;
    if (passkey_algorithm_read(algorithm, &registration->algorithm)) return true;
    error_set(err, ERROR_SYNTAX, "passkeys of '" SPAN_FMT "' are not taken", SPAN_ARG(algorithm));
    return error_field(err, "algorithm");
}

bool asked_passkey(const struct asked *asked, struct record *record, struct error *err)
{
    struct request *request = asked->request;
    struct passkey_asked asks;
    struct passkey_registration registration;
    struct passkey_seen seen;
    struct span label;
    enum passkey_verdict verdict = PASSKEY_CHALLENGE;
    if (!read_registration(asked, &registration, err) ||
        !asked_text(asked, "label", true, &label, err))
        return false;
    if (challenge_use(request, registration.client_data, &asks))
        verdict = passkey_check_registration(&asks, &registration, *request->arena, &seen);
    if (verdict != PASSKEY_GOOD)
        return error_set(err, ERROR_CONFLICT, "%s", passkey_verdict_sentence(verdict));
    struct passkey passkey = { .credential = registration.credential, .label = label,
                               .public_key = registration.public_key,
                               .algorithm = registration.algorithm, .count = seen.count };
    record->kind = FACT_PASSKEY_ADDED;
    return body_passkey_added(&passkey, request->arena, &record->body, err);
}
