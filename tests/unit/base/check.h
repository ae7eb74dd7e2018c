/* What every test here includes, in the order that cmocka wants. */
#ifndef ANJU_TEST_BASE_CHECK_H
#define ANJU_TEST_BASE_CHECK_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* alloc_fault.c: after `allowed` more calls of malloc, calloc or realloc by the program (not by
 * the libraries it uses), each one fails; a negative number stops that. */
void alloc_fault_after(int allowed);

#endif
