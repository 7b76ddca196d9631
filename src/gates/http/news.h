// news: what changed lately, for open desks: a ring of the last changes, and who waits for more.
//
// The office tells of every change (office.h); each is numbered by the ledger's size with it, for
// ever growing, which is the event's id. Who comes back names the last id that he saw and goes on
// behind it; when that is no longer in the ring he is told "reset": to look at everything anew.
//
// A listener who does not read is never waited for: the ring goes on, and once it has passed him by
// he too is told "reset". Changes of NEWS_TOGETHER_MS are told together.
#ifndef TW_GATES_HTTP_NEWS_H
#define TW_GATES_HTTP_NEWS_H

#include "account/role.h"
#include "office/office.h"

enum { NEWS_KEPT = 16384, NEWS_TOGETHER_MS = 20, NEWS_EVENT_MAX = 1024 };

struct news;

// What somebody may and wants to hear.
struct news_filter {
    enum role role;
    struct span organisation;    // a trader hears of what this one declared
    struct span file;            // only of this consignment; empty: of all
    bool waiting_only;           // only of what waits for an officer, or just did
};

// Belongs to whoever listens; zeroed but for the filter and `wake`.
struct news_listener {
    struct news_filter filter;
    void (*wake)(struct news_listener *listener); // there is more; called by the news' own thread
    void *owner;
    // The news' own:
    uint64_t place;              // in the count of all changes: what comes next
    bool waits, reset;
    struct news_listener *next, **self;
};

MUST_CHECK bool news_open(struct news **news, struct error *err);
// `size` is the ledger's, before anything can change.
void news_begin(struct news *news, uint64_t size);
// Wakes everybody: news_read is then at its end. Also takes NULL.
void news_end(struct news *news);
void news_close(struct news *news); // nobody listens any more; also takes NULL

// Of office_surroundings: its context is the news.
void news_hear(void *news, const struct view_row *row, uint64_t size, enum fact_kind kind);

// Goes on behind the event `after`; 0: with what is to come.
void news_listen(struct news *news, struct news_listener *listener, uint64_t after);
void news_leave(struct news *news, struct news_listener *listener);

// Writes events (text/event-stream) that the listener has not had, as many as fit: at least
// NEWS_EVENT_MAX bytes. 0: none now, and `wake` will be called once, when there are; negative: no
// more will come.
long news_read(struct news *news, struct news_listener *listener, char *into, size_t size);

#endif
