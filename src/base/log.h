/* One JSON line per event on standard error. Never personal data, never a secret. */
#ifndef ANJU_BASE_LOG_H
#define ANJU_BASE_LOG_H

enum log_level { LOG_DEBUG, LOG_INFO, LOG_WARN, LOG_ERROR };

/* Names the program in each line ("serve", "worker", …); lines below level are dropped. */
void log_start(const char *program, enum log_level level);

/* log_event(LOG_INFO, "import-done", "set", "17", "rows", "120000", NULL): pairs of C strings. */
void log_event(enum log_level level, const char *event, ...) __attribute__((sentinel));

#endif
