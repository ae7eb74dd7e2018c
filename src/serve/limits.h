/* Every limit of the HTTP host, in one place. nginx's configuration is written from these. */
#ifndef ANJU_SERVE_LIMITS_H
#define ANJU_SERVE_LIMITS_H

enum {
    /* A request's header: one buffer takes the request line or a field; all buffers the rest.
     * Beyond: 414 for the line, 431 for the fields. */
    LIMIT_HEADER_BUFFERS = 4,
    LIMIT_HEADER_BUFFER_KIB = 8,

    /* A request's body (413). The buffer is twice that, so that no body goes to a file: one that
     * does (a body in tiny chunks) is refused as well. */
    LIMIT_BODY_KIB = 64,
    LIMIT_BODY_BUFFER_KIB = 128,

    /* Seconds. Header: in whole. Body: between two reads, and in whole. Answer: between two
     * writes. */
    LIMIT_HEADER_TIME_S = 10,
    LIMIT_BODY_GAP_S = 10,
    LIMIT_BODY_TIME_S = 15,
    LIMIT_SEND_GAP_S = 20,

    /* An idle connection stays open for the next click, and for about any number of requests. */
    LIMIT_KEEPALIVE_S = 65,
    LIMIT_KEEPALIVE_REQUESTS = 100000,

    /* What a refused client still sends is read for so long, so that it sees the answer. */
    LIMIT_LINGER_S = 5,
    LIMIT_LINGER_GAP_S = 2,

    /* Requests under way from one address (IPv6: one /64). Units and mobile carriers put many
     * people behind one address; a request is under way for milliseconds. */
    LIMIT_ADDRESS_REQUESTS = 256,
    /* Addresses counted at once: about 8,000 in each MiB. */
    LIMIT_ADDRESS_ZONE_MIB = 8,
    /* Requests under way at the operations listener. */
    LIMIT_OPERATIONS_REQUESTS = 16,

    /* Connections of one worker, and of the kernel's queue in front of it. */
    LIMIT_CONNECTIONS = 8192,
    LIMIT_BACKLOG = 1024,

    /* Threads of one worker that may wait for a database, and requests that may wait for one. */
    LIMIT_IO_THREADS = 16,
    LIMIT_IO_QUEUE = 256,
    /* Password hashes that may wait in one worker: at 20 ms each the last waits a second. The
     * threads are as many as cores, over all workers. */
    LIMIT_HASH_QUEUE = 32,
    /* Threads of one worker that may wait for another party (the checks of a registration: seconds
     * when it hangs), and requests that may wait for one. Nobody else waits with them. */
    LIMIT_OUTSIDE_THREADS = 8,
    LIMIT_OUTSIDE_QUEUE = 16,

    /* After a reload an old worker ends what it is at, but not for ever. */
    LIMIT_OLD_WORKER_S = 30,

    /* Milliseconds: the service must answer, a port of a service that was killed must come free,
     * and each step of stopping must end within. */
    LIMIT_READY_MS = 15000,
    LIMIT_PORT_MS = 3000,
    LIMIT_STOP_GRACE_MS = 3000,
    LIMIT_STOP_FORCE_MS = 1500,

    /* A child that dies is started again after a pause that doubles; one that dies too often
     * within the window ends the service. */
    LIMIT_RESTART_FIRST_MS = 100,
    LIMIT_RESTART_LAST_MS = 5000,
    LIMIT_RESTARTS = 6,
    LIMIT_RESTART_WINDOW_MS = 60000,
};

#endif
