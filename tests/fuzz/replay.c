/* Runs a fuzz target without libFuzzer, so that every test run does some fuzzing:
 *
 *   replay-program ROUNDS FILE…
 *
 * gives the target each file as it is, and then ROUNDS mutations of them. The mutations depend on
 * nothing but ROUNDS and the files: what fails once fails again. A failing input is left in
 * fuzz-failed.bin of the working folder. */
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <fcntl.h>

#include "base/random.h"

enum { INPUT_MAX = 32 * 1024, SEEDS_MAX = 64, MUTATIONS_MAX = 8 };

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static struct seed {
    uint8_t *bytes;
    size_t size;
} seeds[SEEDS_MAX];

static uint8_t input[INPUT_MAX];
static size_t input_size;

static void keep_input(int signal_number)
{
    int fd = open("fuzz-failed.bin", O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);

    if (fd >= 0) {
        ssize_t n = write(fd, input, input_size);

        (void)n;
        close(fd);
    }
    signal(signal_number, SIG_DFL);
    raise(signal_number);
}

/* The target gets memory of exactly the input's size, so that a sanitizer sees overreading. */
static void run(void)
{
    uint8_t *exact = malloc(input_size ? input_size : 1);

    if (!exact)
        abort();
    memcpy(exact, input, input_size);
    LLVMFuzzerTestOneInput(exact, input_size);
    free(exact);
}

static void mutate(struct random *r, int count)
{
    static const uint8_t telling[] = {0, 0xFF, 0x80, 0x7F, ',', '"', '\n', '-', '.', '0', '9'};
    size_t at = input_size ? random_below(r, input_size) : 0, n;

    switch (random_below(r, 6)) {
    case 0: /* another byte */
        if (input_size)
            input[at] = (uint8_t)random_below(r, 256);
        break;
    case 1: /* a byte that often means something */
        if (input_size)
            input[at] = telling[random_below(r, sizeof telling)];
        break;
    case 2: /* one bit */
        if (input_size)
            input[at] ^= (uint8_t)(1 << random_below(r, 8));
        break;
    case 3: /* the end is cut */ input_size = at; break;
    case 4: /* a byte goes away */
        if (input_size) {
            memmove(input + at, input + at + 1, input_size - at - 1);
            input_size--;
        }
        break;
    default: /* a piece of another seed is set in */
    {
        const struct seed *s = &seeds[random_below(r, (uint64_t)count)];
        size_t from = s->size ? random_below(r, s->size) : 0;

        n = s->size - from < 16 ? s->size - from : 16;
        if (input_size + n > INPUT_MAX)
            break;
        memmove(input + at + n, input + at, input_size - at);
        memcpy(input + at, s->bytes + from, n);
        input_size += n;
    }
    }
}

static int read_seeds(int n, char **paths)
{
    int count = 0;

    for (int i = 0; i < n && count < SEEDS_MAX; i++, count++) {
        FILE *f = fopen(paths[i], "rb");

        seeds[count].bytes = malloc(INPUT_MAX);
        if (!f || !seeds[count].bytes) {
            perror(paths[i]);
            exit(1);
        }
        seeds[count].size = fread(seeds[count].bytes, 1, INPUT_MAX, f);
        fclose(f);
    }
    return count;
}

static void take_seed(const struct seed *s)
{
    memcpy(input, s->bytes, s->size);
    input_size = s->size;
}

int main(int argc, char **argv)
{
    struct random r;
    long rounds;
    int count;

    if (argc < 3) {
        fprintf(stderr, "usage: %s ROUNDS FILE…\n", argv[0]);
        return 2;
    }
    rounds = strtol(argv[1], NULL, 10);
    count = read_seeds(argc - 2, argv + 2);
    signal(SIGABRT, keep_input);
    signal(SIGSEGV, keep_input);
    input_size = 0;
    run();
    for (int i = 0; i < count; i++) {
        take_seed(&seeds[i]);
        run();
    }
    random_seeded(&r, (uint64_t)rounds);
    for (long round = 0; round < rounds; round++) {
        take_seed(&seeds[random_below(&r, (uint64_t)count)]);
        for (uint64_t n = 1 + random_below(&r, MUTATIONS_MAX); n > 0; n--)
            mutate(&r, count);
        run();
    }
    for (int i = 0; i < count; i++)
        free(seeds[i].bytes);
    return 0;
}
