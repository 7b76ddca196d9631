#include "gates/demo/acts.h"

#include <assert.h>

#include "port/chance.h"
#include "port/say.h"

enum { OFFICERS = 4 };

struct acting {
    struct actors *actors;
    const struct one_case *one;
    struct chance chance;
    struct file file;
    struct span who;
};

static bool full(struct error *err)
{
    return error_set(err, ERROR_TOO_LARGE, "what is done does not fit into memory");
}

static bool keep(struct acting *a, enum fact_kind kind, struct span body, uint32_t after,
                 struct error *err)
{
    struct answer answer;
    struct record record = { kind, a->who, body };
    struct message message = { .kind = MESSAGE_FACT, .who = SIMULATED_WHO "demo",
                               .file = span_of(a->one->file), .records = &record,
                               .records_count = 1, .after = after };
    if (!office_send(a->actors->office, &message, NULL, NULL, &a->actors->arena, &answer, err))
        return false;
    if (answer.kind == ANSWER_LODGED || answer.kind == ANSWER_REFUSED) return true;
    *err = answer.err;
    return false;
}

// --- Officers ------------------------------------------------------------------------------------

bool act_claim(struct actors *actors, const struct one_case *one, struct error *err)
{
    struct acting a = { .actors = actors, .one = one };
    struct span body;
    arena_reset(&actors->arena, 0);
    if (!say(&actors->arena, &a.who, SIMULATED_WHO "officer-%u",
             (unsigned)(one->number % OFFICERS) + 1))
        return full(err);
    return body_claimed(SPAN(""), &actors->arena, &body, err) &&
           keep(&a, FACT_CLAIMED, body, ANY_FACTS, err);
}

static bool ask(struct acting *a, struct error *err)
{
    static const struct requested asked[] = {
        { .code = SPAN_INIT("380"),
          .text = SPAN_INIT("the commercial invoice, and the proof that it was paid") },
        { .code = SPAN_INIT("271"), .text = SPAN_INIT("the packing list, by article and carton") },
        { .text = SPAN_INIT("what are the goods made of, and what are they used for?") },
        { .code = SPAN_INIT("325"), .text = SPAN_INIT("the order, and letters about its price") },
    };
    struct span body;
    uint32_t which = chance_below(&a->chance, sizeof(asked) / sizeof(asked[0]));
    return body_requested(&asked[which], &a->actors->arena, &body, err) &&
           keep(a, FACT_REQUESTED, body, a->file.facts_count, err);
}

// What an inspection calls each flaw; NULL for what it does not see.
static const struct span *name_of_find(enum port_flaw flaw)
{
    static const struct span names[PORT_FLAW_COUNT] = {
        [PORT_LOW_PRICE] = SPAN_INIT("undervaluation"),
        [PORT_LOW_HEADING] = SPAN_INIT("wrong-code"),
        [PORT_FALSE_ORIGIN] = SPAN_INIT("wrong-origin"),
        [PORT_SHORT] = SPAN_INIT("wrong-quantity"),
        [PORT_SPLIT] = SPAN_INIT("split-consignment"),
        [PORT_ANEW] = SPAN_INIT("stopped-trader"),
    };
    return names[flaw].len > 0 ? &names[flaw] : NULL;
}

// Of what was owed, so much again would have been lost.
static uint32_t lost_percent(struct chance *chance, enum port_flaw flaw)
{
    if (flaw == PORT_LOW_PRICE) return chance_between(chance, 110, 260);
    return chance_between(chance, 20, 90);
}

static bool inspect(struct acting *a, struct error *err)
{
    struct chance chance = chance_of(a->actors->port->seed, CHANCE_FIND, a->one->number);
    enum port_flaw flaw = port_flaw(a->actors->port, a->one->number);
    const struct span *found = name_of_find(flaw);
    bool missed = chance_one_in(&chance, 8);
    uint32_t percent = lost_percent(&chance, flaw);
    struct inspected inspected = { .conforms = found == NULL || missed, .minutes = 0,
                                   .text = SPAN("simulated: nobody opened anything") };
    struct span body;
    inspected.minutes = chance_between(&chance, 15, 180);
    if (!inspected.conforms) {
        inspected.found = (struct text_list){ found, 1 };
        if (a->file.duty_total.currency[0] != '\0' &&
            !money_share_half_up(a->file.duty_total, percent, 100, &inspected.recovered, err))
            return false;
    }
    return body_inspected(&inspected, &a->actors->arena, &body, err) &&
           keep(a, FACT_INSPECTED, body, a->file.facts_count, err);
}

static bool decide(struct acting *a, struct error *err)
{
    static const struct span sound = SPAN_INIT("the goods are as declared");
    static const struct span paid = SPAN_INIT("what would have been lost is recovered");
    static const struct span refused = SPAN_INIT("the goods are not what was declared");
    struct span body;
    bool refuses = chance_one_in(&a->chance, 4) && !a->file.conforms;
    const struct span *reason = a->file.conforms ? &sound : refuses ? &refused : &paid;
    return body_decided(refuses ? DECISION_REFUSE : DECISION_RELEASE, true, reason, 1,
                        &a->actors->arena, &body, err) &&
           keep(a, FACT_DECIDED, body, a->file.facts_count, err);
}

// Some ask first, then they look, then they decide.
static bool work(struct acting *a, struct error *err)
{
    bool asks = chance_one_in(&a->chance, 3);
    if (a->file.state == FILE_AWAITING_DOCUMENTS || (asks && a->file.requests_count == 0))
        return ask(a, err);
    return a->file.inspected_seq == 0 ? inspect(a, err) : decide(a, err);
}

// --- Traders -------------------------------------------------------------------------------------

static uint32_t open_request(const struct file *file)
{
    for (uint32_t i = 0; i < file->requests_count; i++)
        if ((file->requests_answered >> i & 1) == 0) return file->requests[i];
    return 0;
}

static bool write_paper(struct acting *a, struct attachment *paper, struct error *err)
{
    struct span text;
    if (!say(&a->actors->arena, &text, "Simulated: nobody trades these goods.\n\nPaper %llu of "
             "consignment %s.\n", (unsigned long long)a->one->number + 1, a->one->file))
        return full(err);
    paper->size = (uint32_t)text.len;
    return papers_put(office_papers(a->actors->office), text, &paper->sha256, err);
}

static bool answer(struct acting *a, struct error *err)
{
    struct attachment paper = { .name = SPAN("simulated.txt"), .type = SPAN("text/plain") };
    struct supplied supplied = { .request = open_request(&a->file), .attachments = &paper,
                                 .attachments_count = 1,
                                 .text = SPAN("here it is (simulated)") };
    struct span body;
    a->who = SPAN(SIMULATED_WHO "trader");
    if (supplied.request == 0) return error_set(err, ERROR_CONFLICT, "nothing is asked for");
    return write_paper(a, &paper, err) &&
           body_supplied(&supplied, &a->actors->arena, &body, err) &&
           keep(a, FACT_SUPPLIED, body, a->file.facts_count, err);
}

// -------------------------------------------------------------------------------------------------

bool act_next(struct actors *actors, const struct one_case *one, struct error *err)
{
    struct acting a = { .actors = actors, .one = one };
    struct store_append *appends;
    uint32_t count;
    assert(one->turn == TURN_OFFICER || one->turn == TURN_TRADER);
    arena_reset(&actors->arena, 0);
    if (!office_file(actors->office, span_of(one->file), &actors->arena, &a.file, &appends, &count,
                     err))
        return false;
    a.chance = chance_of(actors->port->seed, CHANCE_OFFICE, one->number * 64 + 63 -
                                                                a.file.facts_count % 64);
    a.who = a.file.claimed_by;
    if (one->turn == TURN_TRADER) return answer(&a, err);
    if (span_starts_with(a.who, SPAN(SIMULATED_WHO))) return work(&a, err);
    return error_set(err, ERROR_CONFLICT, "somebody else has it in hand");
}
