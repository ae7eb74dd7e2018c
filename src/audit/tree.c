#include "tree.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct tree {
    yaml_document_t document;
};

static bool load(FILE *in, yaml_document_t *document)
{
    yaml_parser_t parser;
    bool ok;

    if (!yaml_parser_initialize(&parser))
        return false;
    yaml_parser_set_input_file(&parser, in);
    ok = yaml_parser_load(&parser, document);
    yaml_parser_delete(&parser);
    return ok;
}

struct tree *tree_read(const char *file, char *why, size_t room)
{
    FILE *in = fopen(file, "r");
    struct tree *t;

    if (!in) {
        snprintf(why, room, "%s: %s", file, strerror(errno));
        return NULL;
    }
    t = calloc(1, sizeof *t);
    if (!t || !load(in, &t->document)) {
        snprintf(why, room, "%s: it is not YAML", file);
        free(t);
        t = NULL;
    }
    fclose(in);
    return t;
}

void tree_free(struct tree *t)
{
    if (!t)
        return;
    yaml_document_delete(&t->document);
    free(t);
}

/* libyaml's reading functions take a document that is not const, and change nothing. */
static yaml_document_t *document_of(const struct tree *t)
{
    return (yaml_document_t *)(uintptr_t)&t->document;
}

yaml_node_t *tree_root(const struct tree *t)
{
    return yaml_document_get_root_node(document_of(t));
}

const char *tree_text(const struct tree *t, const yaml_node_t *node)
{
    (void)t;
    return node && node->type == YAML_SCALAR_NODE ? (const char *)node->data.scalar.value : NULL;
}

yaml_node_t *tree_get(const struct tree *t, yaml_node_t *node, const char *key)
{
    if (!node || node->type != YAML_MAPPING_NODE)
        return NULL;
    for (yaml_node_pair_t *p = node->data.mapping.pairs.start; p < node->data.mapping.pairs.top;
         p++) {
        const char *name = tree_text(t, yaml_document_get_node(document_of(t), p->key));

        if (name && strcmp(name, key) == 0)
            return yaml_document_get_node(document_of(t), p->value);
    }
    return NULL;
}

int tree_count(const yaml_node_t *list)
{
    if (!list || list->type != YAML_SEQUENCE_NODE)
        return 0;
    return (int)(list->data.sequence.items.top - list->data.sequence.items.start);
}

yaml_node_t *tree_at(const struct tree *t, const yaml_node_t *list, int i)
{
    return yaml_document_get_node(document_of(t), list->data.sequence.items.start[i]);
}
