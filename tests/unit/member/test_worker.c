/* anju worker as a process: one per home, woken by a datagram, ended by a signal. The program is
 * argv[1]. */
#include "fixture.h"

#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "config/config.h"

static const char *program;
static struct config config;
static char socket_path[128];

struct worker {
    pid_t pid;
    int log;
};

static struct worker begin(void)
{
    struct worker w;
    int ends[2];

    if (pipe(ends) != 0) {
        fail();
    }
    w.log = ends[0];
    w.pid = fork();
    if (w.pid == 0) {
        signal(SIGINT, SIG_IGN); /* as a shell starts background jobs */
        dup2(ends[1], STDERR_FILENO);
        close(ends[0]);
        execl(program, program, "worker", (char *)NULL);
        _exit(99);
    }
    close(ends[1]);
    return w;
}

/* Reads its log until the word comes. */
static bool says(struct worker *w, const char *word)
{
    char all[16384] = "";
    size_t len = 0;

    for (double until = now_seconds() + 15; now_seconds() < until && len < sizeof all - 1;) {
        struct pollfd p = {.fd = w->log, .events = POLLIN};

        if (poll(&p, 1, 100) > 0) {
            ssize_t n = read(w->log, all + len, sizeof all - 1 - len);

            if (n <= 0) {
                return false;
            }
            len += (size_t)n;
            all[len] = '\0';
            if (strstr(all, word)) {
                return true;
            }
        }
    }
    return false;
}

/* The exit status; -1 when it took longer than ten seconds. */
static int ended_by(struct worker *w, int sig)
{
    double began = now_seconds();
    int status;

    kill(w->pid, sig);
    waitpid(w->pid, &status, 0);
    close(w->log);
    return now_seconds() - began < 10 && WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void signals_and_lock(void **state)
{
    static const int signals[] = {SIGTERM, SIGINT};
    (void)state;

    for (int i = 0; i < 2; i++) {
        struct worker w = begin(), second;
        struct stat st;
        int status;

        assert_true(says(&w, "worker-started"));
        second = begin();
        assert_true(says(&second, "runs already"));
        waitpid(second.pid, &status, 0);
        close(second.log);
        assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 75);
        assert_int_equal(stat(socket_path, &st), 0);
        assert_int_equal(st.st_mode & 0777, 0600);
        kill(w.pid, SIGHUP);
        assert_true(says(&w, "\"reloaded\""));
        assert_int_equal(ended_by(&w, signals[i]), 0);
        assert_int_equal(access(socket_path, F_OK), -1);
    }
}

/* What a killed one leaves behind is in nobody's way. */
static void killed(void **state)
{
    struct worker w = begin();
    (void)state;

    assert_true(says(&w, "worker-started"));
    ended_by(&w, SIGKILL);
    w = begin();
    assert_true(says(&w, "worker-started"));
    assert_int_equal(ended_by(&w, SIGTERM), 0);
}

/* A configuration that is wrong leaves everything as it was. */
static void wrong_reload(void **state)
{
    struct worker w = begin();
    char path[CONFIG_PATH_MAX + 16], aside[CONFIG_PATH_MAX + 16];
    FILE *f;
    (void)state;

    assert_true(says(&w, "worker-started"));
    snprintf(path, sizeof path, "%s/anju.yaml", config.home);
    snprintf(aside, sizeof aside, "%s/anju.yaml.aside", config.home);
    assert_int_equal(rename(path, aside), 0);
    f = fopen(path, "w");
    fputs("demo: perhaps\n", f);
    fclose(f);
    kill(w.pid, SIGHUP);
    assert_true(says(&w, "reload-refused"));
    assert_int_equal(rename(aside, path), 0);
    kill(w.pid, SIGHUP);
    assert_true(says(&w, "\"reloaded\""));
    assert_int_equal(ended_by(&w, SIGTERM), 0);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(signals_and_lock),
        cmocka_unit_test(killed),
        cmocka_unit_test(wrong_reload),
    };
    char home[] = "/tmp/anju-worker-XXXXXX", command[CONFIG_PATH_MAX + 16];
    struct error err = {0};
    int failed;

    program = argc > 1 ? argv[1] : "build/anju";
    if (!mkdtemp(home)) {
        return 1;
    }
    setenv("ANJU_HOME", home, 1);
    unsetenv("ANJU_DATABASE");
    if (config_make_demo(&config, date_of(2026, 11, 23), &err) != RESULT_OK) {
        print_error("%s\n", err.sentence);
        return 1;
    }
    snprintf(socket_path, sizeof socket_path, "%s/run/worker.sock", home);
    failed = cmocka_run_group_tests(tests, NULL, NULL);
    snprintf(command, sizeof command, "rm -rf %s", config.home);
    return system(command) || failed;
}
