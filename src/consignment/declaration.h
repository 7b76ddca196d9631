// declaration: what a trader tells customs about a consignment, by the WCO Data Model's names.
//
// The model is one tree of structs, and one table beside it (model.h) that says of each field its
// JSON name, its kind and limit, and where it stands in a WCO Data Model 3.6 message. Reading JSON,
// writing JSON, reading XML, mapping CSV, the schema and the rule language all go by that table, so
// a new field is one member here and one row there.
//
// Spans point into the message or the arena that it was read with. An absent text is an empty span,
// an absent number has `given` false, an absent object has all its fields absent, an absent list
// has count 0. Lists keep the order of the message.
//
// Source: WCO Data Model 3.6, classes Declaration, GoodsShipment, GovernmentAgencyGoodsItem,
// Commodity, Consignment and their attributes.
#ifndef TW_CONSIGNMENT_DECLARATION_H
#define TW_CONSIGNMENT_DECLARATION_H

#include "base/decimal.h"
#include "base/time.h"

#define LIST_OF(type)       \
    struct {                \
        struct type *at;    \
        uint32_t count;     \
    }

struct number { uint32_t value; bool given; };            // a count or a sequence number
struct moment { int64_t at_ms; bool given; };
struct amount { struct decimal value; struct span currency; };  // as declared; ISO 4217
struct quantity { struct decimal value; struct span unit; };    // UN/ECE Rec 20 unit code

struct address {
    struct span line, city_name, postcode, country_subdivision, country_code;
};

struct contact {
    struct span name, telephone, email;
};

// Somebody with a part in it. `id` is the trader identification number (TIN; in the EU: EORI).
struct party {
    struct span id, name, role_code;
    struct address address;
    struct contact contact;
};

// A certificate, licence, invoice, authorisation ... produced with the declaration.
struct document {
    struct span category_code, type_code, id, name;
    struct span status_code;       // LPCO exemption code: held, waived, attached ...
    struct span issuer_name;
    struct moment effective_at, expires_at;
    struct number sequence;
    struct quantity write_off_quantity;
    struct amount write_off_amount;
};

struct previous_document {
    struct span category_code, type_code, id;
    struct number sequence, line;
};

struct pointer {                   // what an amendment or a statement speaks about
    struct span section_code, tag_id;
    struct number sequence;
};

struct statement {                 // additional information
    struct span code, description, type_code;
    struct number sequence;
    LIST_OF(pointer) pointers;
};

struct amendment {
    struct span change_reason_code;
    LIST_OF(pointer) pointers;
};

struct guarantee {
    struct span id, reference_id, type_code, access_code;
    struct amount amount;
};

struct transport_means {
    struct span id, id_type_code, mode_code, nationality_code, conveyance_reference;
};

struct seal { struct number sequence; struct span id; };

struct container {                 // transport equipment
    struct span id, type_code;
    struct number sequence;
    LIST_OF(seal) seals;
};

struct country_on_route { struct number sequence; struct span country_code; };

struct goods_location {
    struct span id, name, type_code, qualifier_code, country_code;
};

struct warehouse { struct span id, type_code; };

struct trade_terms {               // Incoterms 2020 code and its place
    struct span condition_code, location_id, location_name, country_code;
};

// An addition to or a deduction from the price on the way to the customs value.
struct charge { struct span type_code; struct amount amount; };

struct classification { struct span id, type_code; };  // TSP: tariff heading, TRC, GN, CV ...
struct origin { struct span country_code, type_code; }; // 1 non-preferential, 2 preferential ...
struct procedure { struct span current_code, previous_code; }; // the first is the procedure, the
                                                               // others are additional procedures
struct package {
    struct span marks, type_code;  // UN/ECE Rec 21
    struct number quantity, sequence;
};

struct duty_tax_fee {              // a duty or tax line as declared
    struct span type_code, regime_code, quota_order_id, payment_method_code;
    struct decimal rate;           // per cent
    struct amount tax_base, payment, assessed;
    struct quantity specific_base;
};

struct valuation_adjustment { struct span addition_code; };
struct container_ref { struct number sequence; struct span id; };

struct item {
    struct number sequence;
    struct span description;
    struct span ucr;
    struct span transaction_nature_code, valuation_method_code;
    struct span destination_country, export_country;
    struct decimal gross_mass, net_mass;      // kilograms
    struct quantity supplementary_units;
    struct amount price, statistical_value, customs_value, freight;
    struct party buyer, consignee, consignor, exporter, seller;
    LIST_OF(charge) charges;
    LIST_OF(classification) classifications;
    LIST_OF(container_ref) containers;
    LIST_OF(document) documents;
    LIST_OF(duty_tax_fee) duty_tax_fees;
    LIST_OF(origin) origins;
    LIST_OF(package) packages;
    LIST_OF(party) tax_parties;
    LIST_OF(previous_document) previous_documents;
    LIST_OF(procedure) procedures;
    LIST_OF(statement) statements;
    LIST_OF(valuation_adjustment) valuation_adjustments;
};

struct declaration {
    // The message
    struct span function_code;                // 9 original, 13 amendment, 1 cancellation
    struct span type_code;                    // IM, EX, CO and the additional type: IMA, EXD ...
    struct span procedure_category;           // H1, B1 ...
    struct span id;                           // movement reference number (MRN), given by customs
    struct span functional_reference_id;      // the local reference number (LRN) of the declarant
    struct span ucr;                          // unique consignment reference
    struct span version_id;
    struct moment issued_at, accepted_at;
    struct span office_id, exit_office_id, supervising_office_id;

    // The whole
    struct number goods_item_count, total_package_count;
    struct decimal total_gross_mass;          // kilograms
    struct amount invoice_amount;
    struct decimal exchange_rate;             // as declared: invoice currency to local currency
    struct span transaction_nature_code;
    struct span destination_country, export_country;
    struct trade_terms trade_terms;
    struct amount freight, insurance;         // valuation elements of the whole shipment
    LIST_OF(charge) charges;

    // Who
    struct party agent;                       // the representative; role_code 2 direct, 3 indirect
    struct party buyer, carrier, consignee, consignor, declarant, exporter, importer, payer, seller,
        submitter;
    LIST_OF(party) authorisation_holders;     // role_code holds the authorisation's category
    LIST_OF(party) tax_parties;

    // How it travels and where it is
    struct span container_code;               // "1" in containers, "0" not
    struct span freight_payment_code;
    struct span loading_location_id, unloading_location_id;
    struct transport_means arrival_means, border_means, departure_means;
    struct goods_location goods_location;
    struct warehouse warehouse;
    LIST_OF(container) containers;
    LIST_OF(country_on_route) itinerary;

    // Papers
    LIST_OF(amendment) amendments;
    LIST_OF(document) documents;
    LIST_OF(guarantee) guarantees;
    LIST_OF(previous_document) previous_documents;
    LIST_OF(statement) statements;

    LIST_OF(item) items;
};

#endif
