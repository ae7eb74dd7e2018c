/* A proof as JSON, written by the centre and checked by anybody. */
#include "root/proof.h"

#include <inttypes.h>
#include <jansson.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>

enum { PROOF_BYTES_MAX = 64 * 1024, HEX_ROOM = 2 * ROOT_SIGNATURE + 1 };

static void hex_put(struct json *j, const char *name, const uint8_t *at, size_t len)
{
    char hex[HEX_ROOM];

    sodium_bin2hex(hex, sizeof hex, at, len);
    json_put_text(j, name, text_of(hex));
}

void root_proof_json(struct json *j, const struct root *r, const struct root_proof *p)
{
    json_put_object(j, NULL);
    json_put_text(j, "account", p->account);
    json_put_int(j, "seq", p->seq);
    hex_put(j, "hash", p->hash, sizeof p->hash);
    json_put_array(j, "path");
    for (int i = 0; i < p->path_len; i++) {
        json_put_object(j, NULL);
        json_put_word(j, "side", p->path[i].left ? "left" : "right");
        hex_put(j, "hash", p->path[i].hash, SHA256_SIZE);
        json_put_object_end(j);
    }
    json_put_array_end(j);
    root_json(j, "root", r);
    json_put_object_end(j);
}

/* --- reading --- */

static bool hex_in(const json_t *value, uint8_t *out, size_t size)
{
    const char *hex = json_string_value(value);
    size_t len = 0;

    return hex && strlen(hex) == 2 * size &&
           sodium_hex2bin(out, size, hex, 2 * size, NULL, &len, NULL) == 0 && len == size;
}

static bool read_path(const json_t *list, struct root_proof *p)
{
    size_t count = json_array_size(list);

    if (!json_is_array(list) || count > MERKLE_LEVELS)
        return false;
    for (size_t i = 0; i < count; i++) {
        const json_t *step = json_array_get(list, i);
        const char *side = json_string_value(json_object_get(step, "side"));

        if (!side || !hex_in(json_object_get(step, "hash"), p->path[i].hash, SHA256_SIZE))
            return false;
        p->path[i].left = strcmp(side, "left") == 0;
        if (!p->path[i].left && strcmp(side, "right") != 0)
            return false;
    }
    p->path_len = (int)count;
    return true;
}

/* Texts stay in the document. */
static bool read_proof(const json_t *o, struct root_proof *p, struct root *r)
{
    const json_t *root = json_object_get(o, "root");
    const json_t *text = json_object_get(root, "statement");

    *p = (struct root_proof){
        .account = text_of(json_string_value(json_object_get(o, "account"))),
        .seq = json_integer_value(json_object_get(o, "seq")),
    };
    *r = (struct root){.text = {json_string_value(text), json_string_length(text)}};
    return p->account.at && p->seq > 0 && r->text.at &&
           hex_in(json_object_get(o, "hash"), p->hash, sizeof p->hash) &&
           read_path(json_object_get(o, "path"), p) &&
           hex_in(json_object_get(root, "signer"), r->signer, sizeof r->signer) &&
           hex_in(json_object_get(root, "signature"), r->signature, sizeof r->signature) &&
           root_statement_read(r->text, &r->statement);
}

static enum result judge(const struct root_proof *p, const struct root *r,
                         const uint8_t key[ROOT_PUBLIC], struct error *err)
{
    struct sha256 *sha = sha256_new();
    uint8_t root[SHA256_SIZE];
    char hash[2 * SHA256_SIZE + 1];

    if (!sha)
        return error_set(err, RESULT_MEMORY, "out of memory for a proof");
    root_proof_climb(p, sha, root);
    sha256_free(sha);
    if (memcmp(key, r->signer, ROOT_PUBLIC) != 0)
        return error_set(err, RESULT_DAMAGED,
                         "the root is signed by another key than the one given");
    if (!root_signature_good(r))
        return error_set(err, RESULT_DAMAGED, "the signature does not fit the statement");
    if (memcmp(root, r->statement.root, sizeof root) != 0)
        return error_set(err, RESULT_DAMAGED,
                         "the account's head does not lead to the root of the statement");
    sha256_hex(p->hash, hash);
    printf(
        "Good. When %s signed its root on %s, the newest entry of account %.*s was number %" PRId64
        ", with the hash\n%s\n",
        r->statement.centre, r->statement.made, TEXT_ARG(p->account), p->seq, hash);
    return RESULT_OK;
}

enum result root_proof_check(const char *file, const char *key, struct error *err)
{
    uint8_t public[ROOT_PUBLIC];
    size_t len = 0;
    char bytes[PROOF_BYTES_MAX];
    FILE *in = fopen(file, "re");
    size_t size = in ? fread(bytes, 1, sizeof bytes, in) : 0;
    bool read = in && !ferror(in) && size < sizeof bytes;
    struct root_proof proof;
    struct root root;
    json_t *o;
    enum result r;

    if (in)
        fclose(in);
    if (!read)
        return error_set(err, RESULT_IO, "%s cannot be read, or is longer than a proof", file);
    if (sodium_init() < 0 || strlen(key) != 2 * ROOT_PUBLIC ||
        sodium_hex2bin(public, sizeof public, key, 2 * ROOT_PUBLIC, NULL, &len, NULL) != 0)
        return error_set(err, RESULT_INVALID, "--key is a public key: 64 hex digits");
    o = json_loadb(bytes, size, JSON_REJECT_DUPLICATES, NULL);
    r = o && read_proof(o, &proof, &root)
            ? judge(&proof, &root, public, err)
            : error_set(err, RESULT_INVALID, "%s is no proof as anju root proof writes it", file);
    json_decref(o);
    return r;
}
