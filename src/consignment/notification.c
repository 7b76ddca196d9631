#include "consignment/notification.h"

#include "base/limits.h"
#include "consignment/model_rows.h"

// clang-format off
static const struct field stated_charge_fields[] = {
    SCALAR(stated_charge, assessed, "assessed", AMOUNT, 0, "Payment/TaxAssessedAmount",
           "amount worked out"),
    SCALAR(stated_charge, base, "base", AMOUNT, 0, "AdValoremTaxBaseAmount", "base"),
    SCALAR(stated_charge, deducted, "deducted", AMOUNT, 0, "DeductAmount", "taken off by a relief"),
    SCALAR(stated_charge, payable, "payable", AMOUNT, 0, "Payment/PaymentAmount", "amount to pay"),
    SCALAR(stated_charge, rate, "rate", DECIMAL, 0, "TaxRateNumeric", "per cent"),
    SCALAR(stated_charge, regime_code, "regimeCode", CODE, 3, "DutyRegimeCode", "preference"),
    SCALAR(stated_charge, specific_base, "specificBase", QUANTITY, 0, "SpecificTaxBaseQuantity",
           "base of a specific duty"),
    SCALAR(stated_charge, type_code, "typeCode", CODE, 3, "TypeCode", "duty or tax"),
};
static const struct shape stated_charge_shape = SHAPE(stated_charge, stated_charge);

static const struct field stated_item_fields[] = {
    LIST(stated_item, charges, "charges", stated_charge, STATED_CHARGES_MAX, "Commodity/DutyTaxFee",
         "duties and taxes"),
    SCALAR(stated_item, sequence, "sequence", NUMBER, 0, "SequenceNumeric", "item number"),
};
static const struct shape stated_item_shape = SHAPE(stated_item, stated_item);

static const struct field notification_fields[] = {
    SCALAR(notification, functional_reference_id, "functionalReferenceId", TEXT, 35,
           "Declaration/FunctionalReferenceID", "the declarant's reference (LRN)"),
    SCALAR(notification, function_code, "functionCode", CODE, 3, "FunctionCode",
           "13 duties and taxes"),
    SCALAR(notification, id, "id", TEXT, 35, "Declaration/ID", "movement reference number (MRN)"),
    SCALAR(notification, issued_at, "issuedAt", MOMENT, 0, "IssueDateTime/DateTimeString",
           "when it was issued"),
    LIST(notification, items, "items", stated_item, DECLARATION_ITEMS_MAX,
         "Declaration/GoodsShipment/GovernmentAgencyGoodsItem", "goods items"),
    SCALAR(notification, status_code, "statusCode", CODE, 6, "Status/NameCode", "status"),
    SCALAR(notification, version, "version", NUMBER, 0, "Declaration/VersionID",
           "version of the declaration"),
};
const struct shape notification_shape = SHAPE(notification, notification);
