#include "consignment/model.h"

#include "base/limits.h"
#include "consignment/model_rows.h"

// Rows stand in byte order of their JSON names.

// clang-format off
static const struct field address_fields[] = {
    SCALAR(address, city_name, "cityName", TEXT, 105, "CityName", "city"),
    SCALAR(address, country_code, "countryCode", CODE, 2, "CountryCode", "country, ISO 3166-1"),
    SCALAR(address, country_subdivision, "countrySubdivision", TEXT, 35, "CountrySubDivisionName",
           "province or state"),
    SCALAR(address, line, "line", TEXT, 256, "Line", "street and number"),
    SCALAR(address, postcode, "postcode", TEXT, 17, "PostcodeID", "postcode"),
};
static const struct shape address_shape = SHAPE(address, address);

static const struct field contact_fields[] = {
    SCALAR(contact, email, "email", TEXT, 256, "Communication/EmailID", "e-mail address"),
    SCALAR(contact, name, "name", TEXT, 70, "Name", "name"),
    SCALAR(contact, telephone, "telephone", TEXT, 50, "Communication/ID", "telephone"),
};
static const struct shape contact_shape = SHAPE(contact, contact);

static const struct field party_fields[] = {
    OBJECT(party, address, "address", address, "Address", "address"),
    OBJECT(party, contact, "contact", contact, "Contact", "contact"),
    SCALAR(party, id, "id", TEXT, 35, "ID", "trader identification number (TIN)"),
    SCALAR(party, name, "name", TEXT, 256, "Name", "name"),
    SCALAR(party, role_code, "roleCode", CODE, 6, "RoleCode", "role"),
};
const struct shape party_shape = SHAPE(party, party);

static const struct field agent_fields[] = {
    OBJECT(party, address, "address", address, "Address", "address"),
    OBJECT(party, contact, "contact", contact, "Contact", "contact"),
    SCALAR(party, id, "id", TEXT, 35, "ID", "trader identification number (TIN)"),
    SCALAR(party, name, "name", TEXT, 256, "Name", "name"),
    SCALAR(party, role_code, "roleCode", CODE, 6, "FunctionCode", "role"),
};
static const struct shape agent_shape = SHAPE(agent, party);

static const struct field holder_fields[] = {
    OBJECT(party, address, "address", address, "Address", "address"),
    OBJECT(party, contact, "contact", contact, "Contact", "contact"),
    SCALAR(party, id, "id", TEXT, 35, "ID", "trader identification number (TIN)"),
    SCALAR(party, name, "name", TEXT, 256, "Name", "name"),
    SCALAR(party, role_code, "roleCode", CODE, 6, "CategoryCode", "role"),
};
static const struct shape holder_shape = SHAPE(holder, party);

static const struct field document_fields[] = {
    SCALAR(document, category_code, "categoryCode", CODE, 3, "CategoryCode", "category"),
    SCALAR(document, effective_at, "effectiveAt", MOMENT, 0, "EffectiveDateTime/DateTimeString",
           "valid from"),
    SCALAR(document, expires_at, "expiresAt", MOMENT, 0, "ExpirationDateTime/DateTimeString",
           "valid until"),
    SCALAR(document, id, "id", TEXT, 70, "ID", "number"),
    SCALAR(document, issuer_name, "issuerName", TEXT, 70, "Submitter/Name", "who issued it"),
    SCALAR(document, name, "name", TEXT, 256, "Name", "name or reason"),
    SCALAR(document, sequence, "sequence", NUMBER, 0, "SequenceNumeric", "sequence number"),
    SCALAR(document, status_code, "statusCode", CODE, 3, "LPCOExemptionCode",
           "held, waived, attached"),
    SCALAR(document, type_code, "typeCode", CODE, 6, "TypeCode", "type"),
    SCALAR(document, write_off_amount, "writeOffAmount", AMOUNT, 0, "WriteOff/AmountAmount",
           "amount written off"),
    SCALAR(document, write_off_quantity, "writeOffQuantity", QUANTITY, 0,
           "WriteOff/QuantityQuantity", "quantity written off"),
};
static const struct shape document_shape = SHAPE(document, document);

static const struct field previous_document_fields[] = {
    SCALAR(previous_document, category_code, "categoryCode", CODE, 3, "CategoryCode", "category"),
    SCALAR(previous_document, id, "id", TEXT, 70, "ID", "number"),
    SCALAR(previous_document, line, "line", NUMBER, 0, "LineNumeric", "item in that document"),
    SCALAR(previous_document, sequence, "sequence", NUMBER, 0, "SequenceNumeric",
           "sequence number"),
    SCALAR(previous_document, type_code, "typeCode", CODE, 6, "TypeCode", "type"),
};
static const struct shape previous_document_shape = SHAPE(previous_document, previous_document);

static const struct field pointer_fields[] = {
    SCALAR(pointer, section_code, "sectionCode", CODE, 6, "DocumentSectionCode", "section"),
    SCALAR(pointer, sequence, "sequence", NUMBER, 0, "SequenceNumeric", "which of several"),
    SCALAR(pointer, tag_id, "tagId", CODE, 6, "TagID", "element"),
};
static const struct shape pointer_shape = SHAPE(pointer, pointer);

static const struct field statement_fields[] = {
    SCALAR(statement, code, "code", CODE, 17, "StatementCode", "code"),
    SCALAR(statement, description, "description", TEXT, 512, "StatementDescription", "text"),
    LIST(statement, pointers, "pointers", pointer, 99, "Pointer", "what it speaks of"),
    SCALAR(statement, sequence, "sequence", NUMBER, 0, "SequenceNumeric", "sequence number"),
    SCALAR(statement, type_code, "typeCode", CODE, 6, "StatementTypeCode", "type"),
};
static const struct shape statement_shape = SHAPE(statement, statement);

static const struct field amendment_fields[] = {
    SCALAR(amendment, change_reason_code, "changeReasonCode", CODE, 3, "ChangeReasonCode",
           "reason"),
    LIST(amendment, pointers, "pointers", pointer, 99, "Pointer", "what is changed"),
};
static const struct shape amendment_shape = SHAPE(amendment, amendment);

static const struct field guarantee_fields[] = {
    SCALAR(guarantee, access_code, "accessCode", TEXT, 35, "AccessCode", "access code"),
    SCALAR(guarantee, amount, "amount", AMOUNT, 0, "AmountAmount", "amount"),
    SCALAR(guarantee, id, "id", TEXT, 70, "ID", "number"),
    SCALAR(guarantee, reference_id, "referenceId", TEXT, 70, "ReferenceID", "reference"),
    SCALAR(guarantee, type_code, "typeCode", CODE, 3, "SecurityDetailsCode", "type"),
};
static const struct shape guarantee_shape = SHAPE(guarantee, guarantee);

static const struct field transport_means_fields[] = {
    SCALAR(transport_means, conveyance_reference, "conveyanceReference", TEXT, 35, "JourneyID",
           "voyage or flight"),
    SCALAR(transport_means, id, "id", TEXT, 70, "ID", "identity"),
    SCALAR(transport_means, id_type_code, "idTypeCode", CODE, 3, "IdentificationTypeCode",
           "kind of identity"),
    SCALAR(transport_means, mode_code, "modeCode", CODE, 3, "ModeCode", "mode, UN/ECE Rec 19"),
    SCALAR(transport_means, nationality_code, "nationalityCode", CODE, 2,
           "RegistrationNationalityCode", "nationality, ISO 3166-1"),
};
static const struct shape transport_means_shape = SHAPE(transport_means, transport_means);

static const struct field seal_fields[] = {
    SCALAR(seal, id, "id", TEXT, 35, "ID", "number"),
    SCALAR(seal, sequence, "sequence", NUMBER, 0, "SequenceNumeric", "sequence number"),
};
static const struct shape seal_shape = SHAPE(seal, seal);

static const struct field container_fields[] = {
    SCALAR(container, id, "id", TEXT, 17, "ID", "number, ISO 6346"),
    LIST(container, seals, "seals", seal, 99, "Seal", "seals"),
    SCALAR(container, sequence, "sequence", NUMBER, 0, "SequenceNumeric", "sequence number"),
    SCALAR(container, type_code, "typeCode", CODE, 4, "CharacteristicCode", "size and type"),
};
static const struct shape container_shape = SHAPE(container, container);

static const struct field country_on_route_fields[] = {
    SCALAR(country_on_route, country_code, "countryCode", CODE, 2, "RoutingCountryCode",
           "country, ISO 3166-1"),
    SCALAR(country_on_route, sequence, "sequence", NUMBER, 0, "SequenceNumeric", "sequence number"),
};
static const struct shape country_on_route_shape = SHAPE(country_on_route, country_on_route);

static const struct field goods_location_fields[] = {
    SCALAR(goods_location, country_code, "countryCode", CODE, 2, "Address/CountryCode",
           "country, ISO 3166-1"),
    SCALAR(goods_location, id, "id", TEXT, 35, "ID", "identity"),
    SCALAR(goods_location, name, "name", TEXT, 70, "Name", "place"),
    SCALAR(goods_location, qualifier_code, "qualifierCode", CODE, 3, "Address/TypeCode",
           "how it is named"),
    SCALAR(goods_location, type_code, "typeCode", CODE, 3, "TypeCode", "kind of place"),
};
static const struct shape goods_location_shape = SHAPE(goods_location, goods_location);

static const struct field warehouse_fields[] = {
    SCALAR(warehouse, id, "id", TEXT, 35, "ID", "number"),
    SCALAR(warehouse, type_code, "typeCode", CODE, 3, "TypeCode", "type"),
};
static const struct shape warehouse_shape = SHAPE(warehouse, warehouse);

static const struct field trade_terms_fields[] = {
    SCALAR(trade_terms, condition_code, "conditionCode", CODE, 3, "ConditionCode", "Incoterm"),
    SCALAR(trade_terms, country_code, "countryCode", CODE, 2, "CountryCode", "country, ISO 3166-1"),
    SCALAR(trade_terms, location_id, "locationId", TEXT, 17, "LocationID", "place, UN/LOCODE"),
    SCALAR(trade_terms, location_name, "locationName", TEXT, 70, "LocationName", "place"),
};
static const struct shape trade_terms_shape = SHAPE(trade_terms, trade_terms);

static const struct field charge_fields[] = {
    SCALAR(charge, amount, "amount", AMOUNT, 0, "OtherChargeDeductionAmount", "amount"),
    SCALAR(charge, type_code, "typeCode", CODE, 3, "ChargesTypeCode", "addition or deduction"),
};
static const struct shape charge_shape = SHAPE(charge, charge);

static const struct field classification_fields[] = {
    SCALAR(classification, id, "id", CODE, 22, "ID", "code"),
    SCALAR(classification, type_code, "typeCode", CODE, 6, "IdentificationTypeCode",
           "nomenclature"),
};
static const struct shape classification_shape = SHAPE(classification, classification);

static const struct field origin_fields[] = {
    SCALAR(origin, country_code, "countryCode", CODE, 4, "CountryCode", "country, ISO 3166-1"),
    SCALAR(origin, type_code, "typeCode", CODE, 3, "TypeCode",
           "1 non-preferential, 2 preferential"),
};
static const struct shape origin_shape = SHAPE(origin, origin);

static const struct field procedure_fields[] = {
    SCALAR(procedure, current_code, "currentCode", CODE, 4, "CurrentCode",
           "procedure, or additional procedure"),
    SCALAR(procedure, previous_code, "previousCode", CODE, 4, "PreviousCode", "previous procedure"),
};
static const struct shape procedure_shape = SHAPE(procedure, procedure);

static const struct field package_fields[] = {
    SCALAR(package, marks, "marks", TEXT, 512, "MarksNumbersID", "shipping marks"),
    SCALAR(package, quantity, "quantity", NUMBER, 0, "QuantityQuantity", "number of packages"),
    SCALAR(package, sequence, "sequence", NUMBER, 0, "SequenceNumeric", "sequence number"),
    SCALAR(package, type_code, "typeCode", CODE, 2, "TypeCode", "kind, UN/ECE Rec 21"),
};
static const struct shape package_shape = SHAPE(package, package);

static const struct field duty_tax_fee_fields[] = {
    SCALAR(duty_tax_fee, assessed, "assessed", AMOUNT, 0, "Payment/TaxAssessedAmount",
           "amount worked out"),
    SCALAR(duty_tax_fee, payment, "payment", AMOUNT, 0, "Payment/PaymentAmount", "amount to pay"),
    SCALAR(duty_tax_fee, payment_method_code, "paymentMethodCode", CODE, 3, "Payment/MethodCode",
           "how it is paid"),
    SCALAR(duty_tax_fee, quota_order_id, "quotaOrderId", CODE, 17, "QuotaOrderID", "quota"),
    SCALAR(duty_tax_fee, rate, "rate", DECIMAL, 0, "TaxRateNumeric", "per cent"),
    SCALAR(duty_tax_fee, regime_code, "regimeCode", CODE, 3, "DutyRegimeCode", "preference"),
    SCALAR(duty_tax_fee, specific_base, "specificBase", QUANTITY, 0, "SpecificTaxBaseQuantity",
           "base of a specific duty"),
    SCALAR(duty_tax_fee, tax_base, "taxBase", AMOUNT, 0, "AdValoremTaxBaseAmount", "base"),
    SCALAR(duty_tax_fee, type_code, "typeCode", CODE, 3, "TypeCode", "duty or tax"),
};
static const struct shape duty_tax_fee_shape = SHAPE(duty_tax_fee, duty_tax_fee);

static const struct field valuation_adjustment_fields[] = {
    SCALAR(valuation_adjustment, addition_code, "additionCode", CODE, 4, "AdditionCode",
           "valuation indicators"),
};
static const struct shape valuation_adjustment_shape =
    SHAPE(valuation_adjustment, valuation_adjustment);

static const struct field container_ref_fields[] = {
    SCALAR(container_ref, id, "id", TEXT, 17, "ID", "number"),
    SCALAR(container_ref, sequence, "sequence", NUMBER, 0, "SequenceNumeric", "sequence number"),
};
static const struct shape container_ref_shape = SHAPE(container_ref, container_ref);

static const struct field item_fields[] = {
    OBJECT(item, buyer, "buyer", party, "Buyer", "buyer"),
    LIST(item, charges, "charges", charge, 99, "CustomsValuation/ChargeDeduction",
         "additions and deductions"),
    LIST(item, classifications, "classifications", classification, 9, "Commodity/Classification",
         "commodity codes"),
    OBJECT(item, consignee, "consignee", party, "Consignee", "consignee"),
    OBJECT(item, consignor, "consignor", party, "Consignor", "consignor"),
    LIST(item, containers, "containers", container_ref, 999, "Commodity/TransportEquipment",
         "containers the goods are in"),
    SCALAR(item, customs_value, "customsValue", AMOUNT, 0, "CustomsValueAmount",
           "customs value as declared"),
    SCALAR(item, description, "description", TEXT, 512, "Commodity/Description",
           "description of the goods"),
    SCALAR(item, destination_country, "destinationCountry", CODE, 4, "Destination/CountryCode",
           "country of destination"),
    LIST(item, documents, "documents", document, 99, "AdditionalDocument", "documents"),
    LIST(item, duty_tax_fees, "dutyTaxFees", duty_tax_fee, 99, "Commodity/DutyTaxFee",
         "duties and taxes as declared"),
    SCALAR(item, export_country, "exportCountry", CODE, 4, "ExportCountry/ID",
           "country of dispatch"),
    OBJECT(item, exporter, "exporter", party, "Exporter", "exporter"),
    SCALAR(item, freight, "freight", AMOUNT, 0, "CustomsValuation/FreightChargeAmount", "freight"),
    SCALAR(item, gross_mass, "grossMass", DECIMAL, 0, "Commodity/GoodsMeasure/GrossMassMeasure",
           "gross mass, kilograms"),
    SCALAR(item, net_mass, "netMass", DECIMAL, 0, "Commodity/GoodsMeasure/NetNetWeightMeasure",
           "net mass, kilograms"),
    LIST(item, origins, "origins", origin, 9, "Origin", "origin"),
    LIST(item, packages, "packages", package, 99, "Packaging", "packages"),
    LIST(item, previous_documents, "previousDocuments", previous_document, 99, "PreviousDocument",
         "previous documents"),
    SCALAR(item, price, "price", AMOUNT, 0, "Commodity/InvoiceLine/ItemChargeAmount", "price"),
    LIST(item, procedures, "procedures", procedure, 99, "GovernmentProcedure",
         "procedure, then additional procedures"),
    OBJECT(item, seller, "seller", party, "Seller", "seller"),
    SCALAR(item, sequence, "sequence", NUMBER, 0, "SequenceNumeric", "item number"),
    LIST(item, statements, "statements", statement, 99, "AdditionalInformation",
         "additional information"),
    SCALAR(item, statistical_value, "statisticalValue", AMOUNT, 0, "StatisticalValueAmount",
           "statistical value"),
    SCALAR(item, supplementary_units, "supplementaryUnits", QUANTITY, 0,
           "Commodity/GoodsMeasure/TariffQuantity", "supplementary units"),
    LIST(item, tax_parties, "taxParties", party, 99, "DomesticDutyTaxParty",
         "parties with a tax number"),
    SCALAR(item, transaction_nature_code, "transactionNatureCode", CODE, 2, "TransactionNatureCode",
           "nature of the transaction"),
    SCALAR(item, ucr, "ucr", TEXT, 70, "UCR/TraderAssignedReferenceID",
           "unique consignment reference of the item"),
    LIST(item, valuation_adjustments, "valuationAdjustments", valuation_adjustment, 9,
         "ValuationAdjustment", "valuation indicators"),
    SCALAR(item, valuation_method_code, "valuationMethodCode", CODE, 2,
           "CustomsValuation/MethodCode", "valuation method"),
};
const struct shape item_shape = SHAPE(item, item);

static const struct field declaration_fields[] = {
    SCALAR(declaration, accepted_at, "acceptedAt", MOMENT, 0, "AcceptanceDateTime/DateTimeString",
           "accepted"),
    OBJECT(declaration, agent, "agent", agent, "Agent", "representative"),
    LIST(declaration, amendments, "amendments", amendment, 99, "Amendment", "what is amended"),
    OBJECT(declaration, arrival_means, "arrivalMeans", transport_means,
           "GoodsShipment/Consignment/ArrivalTransportMeans", "means of transport on arrival"),
    LIST(declaration, authorisation_holders, "authorisationHolders", holder, 99,
         "AuthorisationHolder", "holders of authorisations"),
    OBJECT(declaration, border_means, "borderMeans", transport_means, "BorderTransportMeans",
           "means of transport at the border"),
    OBJECT(declaration, buyer, "buyer", party, "GoodsShipment/Buyer", "buyer"),
    OBJECT(declaration, carrier, "carrier", party, "Consignment/Carrier", "carrier"),
    LIST(declaration, charges, "charges", charge, 99,
         "GoodsShipment/CustomsValuation/ChargeDeduction", "additions and deductions"),
    OBJECT(declaration, consignee, "consignee", party, "GoodsShipment/Consignee", "consignee"),
    OBJECT(declaration, consignor, "consignor", party, "GoodsShipment/Consignor", "consignor"),
    SCALAR(declaration, container_code, "containerCode", CODE, 1,
           "GoodsShipment/Consignment/ContainerCode", "1 in containers, 0 not"),
    LIST(declaration, containers, "containers", container, 999,
         "GoodsShipment/Consignment/TransportEquipment", "containers"),
    OBJECT(declaration, declarant, "declarant", party, "Declarant", "declarant"),
    OBJECT(declaration, departure_means, "departureMeans", transport_means,
           "GoodsShipment/Consignment/DepartureTransportMeans", "means of transport on departure"),
    SCALAR(declaration, destination_country, "destinationCountry", CODE, 4,
           "GoodsShipment/Destination/CountryCode", "country of destination"),
    LIST(declaration, documents, "documents", document, 99, "AdditionalDocument", "documents"),
    SCALAR(declaration, exchange_rate, "exchangeRate", DECIMAL, 0, "CurrencyExchange/RateNumeric",
           "exchange rate as declared"),
    SCALAR(declaration, exit_office_id, "exitOfficeId", CODE, 17, "ExitOffice/ID",
           "office of exit"),
    SCALAR(declaration, export_country, "exportCountry", CODE, 4, "GoodsShipment/ExportCountry/ID",
           "country of dispatch"),
    OBJECT(declaration, exporter, "exporter", party, "Exporter", "exporter"),
    SCALAR(declaration, freight, "freight", AMOUNT, 0,
           "GoodsShipment/CustomsValuation/FreightChargeAmount", "freight"),
    SCALAR(declaration, freight_payment_code, "freightPaymentCode", CODE, 3,
           "Consignment/Freight/PaymentMethodCode", "how freight is paid"),
    SCALAR(declaration, function_code, "functionCode", CODE, 3, "FunctionCode",
           "9 original, 13 amendment, 1 cancellation"),
    SCALAR(declaration, functional_reference_id, "functionalReferenceId", TEXT, 35,
           "FunctionalReferenceID", "local reference number (LRN)"),
    SCALAR(declaration, goods_item_count, "goodsItemCount", NUMBER, 0, "GoodsItemQuantity",
           "number of items"),
    OBJECT(declaration, goods_location, "goodsLocation", goods_location,
           "GoodsShipment/Consignment/GoodsLocation", "where the goods are"),
    LIST(declaration, guarantees, "guarantees", guarantee, 9, "ObligationGuarantee", "guarantees"),
    SCALAR(declaration, id, "id", CODE, 35, "ID", "movement reference number (MRN)"),
    OBJECT(declaration, importer, "importer", party, "GoodsShipment/Importer", "importer"),
    SCALAR(declaration, insurance, "insurance", AMOUNT, 0,
           "GoodsShipment/CustomsValuation/InsuranceAmount", "insurance"),
    SCALAR(declaration, invoice_amount, "invoiceAmount", AMOUNT, 0, "InvoiceAmount",
           "invoice total"),
    SCALAR(declaration, issued_at, "issuedAt", MOMENT, 0, "IssueDateTime/DateTimeString", "issued"),
    LIST(declaration, items, "items", item, 999, "GoodsShipment/GovernmentAgencyGoodsItem",
         "goods items"),
    LIST(declaration, itinerary, "itinerary", country_on_route, 99, "Consignment/Itinerary",
         "countries on the route"),
    SCALAR(declaration, loading_location_id, "loadingLocationId", TEXT, 17,
           "GoodsShipment/Consignment/LoadingLocation/ID", "place of loading"),
    SCALAR(declaration, office_id, "officeId", CODE, 17, "DeclarationOfficeID", "customs office"),
    OBJECT(declaration, payer, "payer", party, "Payer", "who pays"),
    LIST(declaration, previous_documents, "previousDocuments", previous_document, 99,
         "GoodsShipment/PreviousDocument", "previous documents"),
    SCALAR(declaration, procedure_category, "procedureCategory", CODE, 6, "ProcedureCategory",
           "data set"),
    OBJECT(declaration, seller, "seller", party, "GoodsShipment/Seller", "seller"),
    LIST(declaration, statements, "statements", statement, 99, "AdditionalInformation",
         "additional information"),
    OBJECT(declaration, submitter, "submitter", party, "Submitter", "who sends"),
    SCALAR(declaration, supervising_office_id, "supervisingOfficeId", CODE, 17,
           "SupervisingOffice/ID", "supervising office"),
    LIST(declaration, tax_parties, "taxParties", party, 99, "GoodsShipment/DomesticDutyTaxParty",
         "parties with a tax number"),
    SCALAR(declaration, total_gross_mass, "totalGrossMass", DECIMAL, 0, "TotalGrossMassMeasure",
           "gross mass of the whole, kilograms"),
    SCALAR(declaration, total_package_count, "totalPackageCount", NUMBER, 0, "TotalPackageQuantity",
           "number of packages"),
    OBJECT(declaration, trade_terms, "tradeTerms", trade_terms, "GoodsShipment/TradeTerms",
           "delivery terms"),
    SCALAR(declaration, transaction_nature_code, "transactionNatureCode", CODE, 2,
           "GoodsShipment/TransactionNatureCode", "nature of the transaction"),
    SCALAR(declaration, type_code, "typeCode", CODE, 6, "TypeCode", "declaration type"),
    SCALAR(declaration, ucr, "ucr", TEXT, 35, "GoodsShipment/UCR/TraderAssignedReferenceID",
           "unique consignment reference"),
    SCALAR(declaration, unloading_location_id, "unloadingLocationId", TEXT, 17,
           "GoodsShipment/Consignment/UnloadingLocation/ID", "place of unloading"),
    SCALAR(declaration, version_id, "versionId", CODE, 9, "VersionID", "version"),
    OBJECT(declaration, warehouse, "warehouse", warehouse, "GoodsShipment/Warehouse", "warehouse"),
};
const struct shape declaration_shape = SHAPE(declaration, declaration);
