/* `anju demo-home`: a home folder with a city in it and six people who can sign in. */
#ifndef ANJU_DEMO_DEMO_HOME_H
#define ANJU_DEMO_DEMO_HOME_H

/*
 * Makes ANJU_HOME a demo home: generates a city, takes it, registers the city's six demo depositors.
 * Leaves there demo-depositors.txt (0600, a line for each: ID number, password, what is special) and
 * truth.jsonl, what the city says its figures must be. Completes a home that was left half made,
 * with the size and seed it was begun with. Returns the exit status.
 */
int demo_home_main(int argc, char **argv);

#endif
