/* anju backup, anju restore, anju keys: a copy of a home at one moment, its way back, and the keys,
 * which travel by themselves. What lies in a backup is in docs/operating.md, the bytes of exported
 * keys in docs/stores.md. */
#ifndef ANJU_BACKUP_BACKUP_H
#define ANJU_BACKUP_BACKUP_H

/* Each answers the exit status. */
int backup_main(int argc, char **argv);
int restore_main(int argc, char **argv);
int keys_main(int argc, char **argv);

#endif
