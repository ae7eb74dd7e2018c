/* The writing thread: takes blocks of rows in the order they are given and writes them into the
 * database, while the thread that gives them reads and checks on. */
#ifndef ANJU_EXCHANGE_PIPE_H
#define ANJU_EXCHANGE_PIPE_H

#include "exchange/block.h"

/* Blocks that may be on their way: what bounds the memory. */
enum { PIPE_BLOCKS = 16 };

struct pipe;

/* Starts the thread over db, inside whose open transaction it writes; nobody else uses db until
 * pipe_stop. With update, rows of all tables but the two ledgers replace those that are there. */
enum result pipe_start(struct db *db, bool update, struct pipe **out, struct error *err);

/* An empty block, or NULL when writing has failed (pipe_stop says why). May wait. */
struct block *pipe_take(struct pipe *p);

/* Hands a block over. */
void pipe_give(struct pipe *p, struct block *b);

/* Waits until everything given is written and ends the thread; with give_up, what waits is thrown
 * away. Frees p. NULL is allowed. */
enum result pipe_stop(struct pipe *p, bool give_up, struct error *err);

#endif
