#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <semaphore.h>
#include <stdio.h>

#include "gates/http/news.h"

static struct news *news;

static int begin(void **state)
{
    (void)state;
    struct error err = { 0 };
    if (!news_open(&news, &err)) fail_msg("%s", err.text);
    news_begin(news, 100);
    return 0;
}

static int end(void **state)
{
    (void)state;
    news_close(news);
    return 0;
}

static void happens(const char *file, const char *declarant, uint64_t size, enum fact_kind kind)
{
    struct view_row row = { .file = span_of(file), .declarant = span_of(declarant),
                            .state = FILE_UNDER_CONTROL, .decision = DECISION_EXAMINE,
                            .facts_count = 7, .waits = true, .office = SPAN("XM1") };
    news_hear(news, &row, size, kind);
}

static sem_t woken;

static void wake(struct news_listener *listener)
{
    (void)listener;
    sem_post(&woken);
}

static struct news_listener official(void)
{
    return (struct news_listener){ .filter = { .role = ROLE_OFFICER }, .wake = wake };
}

// What he hears now, as one text.
static const char *hear(struct news_listener *listener)
{
    static char text[16 * NEWS_EVENT_MAX];
    long got = news_read(news, listener, text, sizeof(text) - 1);
    assert_true(got >= 0);
    text[got] = '\0';
    return text;
}

#define EVENT(id, file, kind) \
    "id: " id "\nevent: file\ndata: {\"changedAt\":\"1970-01-01T00:00:00.000Z\",\"decision\":" \
    "\"examine\",\"factsCount\":7,\"file\":\"" file "\",\"kind\":\"" kind "\",\"office\":\"XM1\"," \
    "\"state\":\"under-control\",\"waits\":true}\n\n"

static void a_listener_hears_what_comes_in_order_and_once(void **state)
{
    (void)state;
    struct news_listener listener = official();
    happens("A", "T1", 106, FACT_DECLARED);
    news_listen(news, &listener, 0);
    assert_string_equal(hear(&listener), "");
    happens("B", "T1", 112, FACT_DECLARED);
    happens("B", "T1", 113, FACT_CLAIMED);
    assert_string_equal(hear(&listener),
                        EVENT("112", "B", "declared") EVENT("113", "B", "claimed"));
    assert_string_equal(hear(&listener), "");
    news_leave(news, &listener);
}

static void who_comes_back_goes_on_behind_what_he_saw(void **state)
{
    (void)state;
    happens("A", "T1", 106, FACT_DECLARED);
    happens("B", "T1", 112, FACT_DECLARED);
    struct news_listener listener = official();
    news_listen(news, &listener, 106);
    assert_string_equal(hear(&listener), EVENT("112", "B", "declared"));
    news_leave(news, &listener);
    listener = official();
    news_listen(news, &listener, 100); // all that there was when the news began
    assert_string_equal(hear(&listener), EVENT("106", "A", "declared")
                                         EVENT("112", "B", "declared"));
    news_leave(news, &listener);
}

static void who_was_away_too_long_is_told_to_look_anew(void **state)
{
    (void)state;
    struct news_listener listener = official();
    happens("A", "T1", 106, FACT_DECLARED);
    news_listen(news, &listener, 99); // before the news began
    assert_string_equal(hear(&listener), "id: 106\nevent: reset\ndata: {}\n\n");
    assert_string_equal(hear(&listener), "");
    for (uint64_t i = 1; i <= NEWS_KEPT + 1; i++) happens("A", "T1", 106 + i, FACT_DECLARED);
    char expected[80]; // and one who does not read is not waited for
    snprintf(expected, sizeof(expected), "id: %d\nevent: reset\ndata: {}\n\n", 107 + NEWS_KEPT);
    assert_string_equal(hear(&listener), expected);
    news_leave(news, &listener);

    listener = official();
    news_listen(news, &listener, 900000); // of another ledger
    assert_string_equal(hear(&listener), expected);
    news_leave(news, &listener);
}

static void a_trader_hears_of_his_own_and_not_how_he_is_looked_at(void **state)
{
    (void)state;
    struct news_listener listener = official();
    listener.filter = (struct news_filter){ .role = ROLE_TRADER, .organisation = SPAN("T1") };
    news_listen(news, &listener, 0);
    happens("A", "T1", 106, FACT_DECLARED);
    happens("B", "T2", 112, FACT_DECLARED);
    happens("A", "T1", 113, FACT_CLAIMED);
    happens("A", "T1", 114, FACT_REQUESTED);
    assert_string_equal(hear(&listener), EVENT("106", "A", "declared")
                                         EVENT("114", "A", "requested"));
    news_leave(news, &listener);
}

static void a_listener_may_ask_for_one_file(void **state)
{
    (void)state;
    struct news_listener listener = official();
    listener.filter.file = SPAN("B");
    news_listen(news, &listener, 0);
    happens("A", "T1", 106, FACT_DECLARED);
    happens("B", "T2", 112, FACT_DECLARED);
    assert_string_equal(hear(&listener), EVENT("112", "B", "declared"));
    news_leave(news, &listener);
}

static void the_offices_own_files_are_no_news(void **state)
{
    (void)state;
    struct news_listener listener = official();
    news_listen(news, &listener, 0);
    struct view_row row = { .file = SPAN("~diary/2026-11-24"), .state = FILE_EMPTY };
    news_hear(news, &row, 101, FACT_LOOKED);
    assert_string_equal(hear(&listener), "");
    news_leave(news, &listener);
}

static void who_waits_is_woken_once_when_there_is_more(void **state)
{
    (void)state;
    struct news_listener listener = official();
    sem_init(&woken, 0, 0);
    news_listen(news, &listener, 0);
    assert_string_equal(hear(&listener), "");
    happens("A", "T1", 106, FACT_DECLARED);
    happens("B", "T1", 112, FACT_DECLARED);
    assert_int_equal(sem_wait(&woken), 0);
    assert_non_null(strstr(hear(&listener), "\"file\":\"A\""));
    assert_int_equal(sem_trywait(&woken), -1);
    assert_string_equal(hear(&listener), "");
    news_end(news);
    assert_int_equal(sem_wait(&woken), 0); // the end is told, too
    char room[NEWS_EVENT_MAX];
    assert_int_equal(news_read(news, &listener, room, sizeof(room)), -1);
    news_leave(news, &listener);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
        TEST(a_listener_hears_what_comes_in_order_and_once),
        TEST(who_comes_back_goes_on_behind_what_he_saw),
        TEST(who_was_away_too_long_is_told_to_look_anew),
        TEST(a_trader_hears_of_his_own_and_not_how_he_is_looked_at),
        TEST(a_listener_may_ask_for_one_file),
        TEST(the_offices_own_files_are_no_news),
        TEST(who_waits_is_woken_once_when_there_is_more),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
