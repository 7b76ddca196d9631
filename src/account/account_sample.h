// account_sample: what the tests of accounts share. Keys made for them; nobody kept the private
// halves.
#ifndef TW_ACCOUNT_ACCOUNT_SAMPLE_H
#define TW_ACCOUNT_ACCOUNT_SAMPLE_H

#define KEY_P256                                                                                  \
    "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEumCsLJg/R4nELW3Mr/WBOiEPH2JjcD8CRoDJKyCxDMbaxcRWLjq/" \
    "adD8+eT2rUh8M/zRWP1uXsIUUS9yZyl3Ag=="
#define KEY_ED25519 "MCowBQYDK2VwAyEAaUSqFL8GqqtHWOzcLEIx8JJeIlBqKgg95k3fhq944n0="

#define HASH_OF_64 "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"
#define PASSWORD_KEPT                                                                             \
    "$argon2id$v=19$m=65536,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$"                                      \
    "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"

// Bodies of each kind, as they are written.
#define INVITED_AS(role, organisation)                                                            \
    "{\"display\":\"Ada Moreau\",\"ends_ms\":2000,\"language\":\"fr\",\"link\":\"" HASH_OF_64      \
    "\",\"organisation\":\"" organisation "\",\"role\":\"" role "\"}"
#define INVITED INVITED_AS("officer", "NORTH")
#define PASSWORD_SET "{\"hash\":\"" PASSWORD_KEPT "\"}"
#define PASSKEY_ADDED                                                                             \
    "{\"algorithm\":\"ES256\",\"count\":7,\"credential\":\"AQID\",\"key\":\"" KEY_P256             \
    "\",\"label\":\"the blue key\"}"
#define PASSKEY_OTHER                                                                             \
    "{\"algorithm\":\"EdDSA\",\"count\":0,\"credential\":\"BAUG\",\"key\":\"" KEY_ED25519          \
    "\",\"label\":\"telephone\"}"
#define PASSKEY_REMOVED "{\"credential\":\"AQID\"}"
#define TOKEN_MADE                                                                                \
    "{\"ends_ms\":9000,\"hash\":\"" HASH_OF_64 "\",\"id\":\"0123456789abcdef\","                   \
    "\"label\":\"the nightly import\",\"scope\":[\"lodge\",\"read\"]}"
#define TOKEN_ENDED_BODY "{\"id\":\"0123456789abcdef\"}"
#define ROLE_GIVEN "{\"organisation\":\"SOUTH\",\"role\":\"supervisor\"}"
#define STOPPED "{\"reason\":\"left\"}"

#endif
