/* A YAML file as a tree of nodes. */
#ifndef ANJU_AUDIT_TREE_H
#define ANJU_AUDIT_TREE_H

#include <stdbool.h>
#include <stddef.h>
#include <yaml.h>

struct tree;
/* NULL with the reason in why. */
struct tree *tree_read(const char *file, char *why, size_t room);
void tree_free(struct tree *t);
yaml_node_t *tree_root(const struct tree *t);
/* What stands under a key of a mapping; NULL when node is NULL or none, or has no such key. */
yaml_node_t *tree_get(const struct tree *t, yaml_node_t *node, const char *key);
int tree_count(const yaml_node_t *list); /* 0 when it is no list */
yaml_node_t *tree_at(const struct tree *t, const yaml_node_t *list, int i);
const char *tree_text(const struct tree *t, const yaml_node_t *node); /* NULL: no scalar */

#endif
