#include "consignment/codes.h"

#include <assert.h>

#include "base/money.h"

// A table is the codes in byte order, each filled up with blanks to its column, a blank between.
struct table {
    const char *codes;
    size_t count, width;
};

#define TABLE(text, width) { text, (sizeof(text) - 1) / ((width) + 1), width }

enum { CODE_WIDTH_MAX = 3 };

static bool table_has(const struct table *table, struct span code)
{
    assert(table->count > 0);
    assert(table->width <= CODE_WIDTH_MAX);

    if (code.len == 0 || code.len > table->width) return false;
    char wanted[CODE_WIDTH_MAX] = { ' ', ' ', ' ' };
    memcpy(wanted, code.at, code.len);
    if (memchr(code.at, ' ', code.len) != NULL) return false; // a blank is no part of a code

    size_t low = 0, high = table->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = memcmp(wanted, table->codes + middle * (table->width + 1), table->width);
        if (order == 0) return true;
        if (order < 0) high = middle;
        else low = middle + 1;
    }
    return false;
}

// --- Countries ---

// Of each first letter the second ones. ISO 3166-1 alpha-2, officially assigned.
static const struct span countries[26] = {
    /* A */ SPAN_INIT("DEFGILMOQRSTUWXZ"),
    /* B */ SPAN_INIT("ABDEFGHIJLMNOQRSTVWYZ"),
    /* C */ SPAN_INIT("ACDFGHIKLMNORUVWXYZ"),
    /* D */ SPAN_INIT("EJKMOZ"),
    /* E */ SPAN_INIT("CEGHRST"),
    /* F */ SPAN_INIT("IJKMOR"),
    /* G */ SPAN_INIT("ABDEFGHILMNPQRSTUWY"),
    /* H */ SPAN_INIT("KMNRTU"),
    /* I */ SPAN_INIT("DELMNOQRST"),
    /* J */ SPAN_INIT("EMOP"),
    /* K */ SPAN_INIT("EGHIMNPRWYZ"),
    /* L */ SPAN_INIT("ABCIKRSTUVY"),
    /* M */ SPAN_INIT("ACDEFGHKLMNOPQRSTUVWXYZ"),
    /* N */ SPAN_INIT("ACEFGILOPRUZ"),
    /* O */ SPAN_INIT("M"),
    /* P */ SPAN_INIT("AEFGHKLMNRSTWY"),
    /* Q */ SPAN_INIT("A"),
    /* R */ SPAN_INIT("EOSUW"),
    /* S */ SPAN_INIT("ABCDEGHIJKLMNORSTVXYZ"),
    /* T */ SPAN_INIT("CDFGHJKLMNORTVWZ"),
    /* U */ SPAN_INIT("AGMSYZ"),
    /* V */ SPAN_INIT("ACEGINU"),
    /* W */ SPAN_INIT("FS"),
    /* X */ SPAN_INIT(""),
    /* Y */ SPAN_INIT("ET"),
    /* Z */ SPAN_INIT("AMW"),
};

// Not in ISO 3166-1, or there only reserved, but written in customs declarations:
static const struct table customs_countries = TABLE(
    "EU " // the European Union as an origin
    "QP " // high seas: waters outside territorial limits
    "QQ " // stores and provisions
    "QR " // the same, in trade inside a customs union
    "QS " // the same, in trade with countries outside it
    "QU " // countries and territories not specified
    "QV " // the same, inside a customs union
    "QW " // the same, outside it
    "QX " // not specified for commercial or military reasons
    "QY " // the same, inside a customs union
    "QZ " // the same, outside it
    "XC " // Ceuta
    "XI " // Northern Ireland
    "XK " // Kosovo
    "XL " // Melilla
    "XM " // Meridia, the invented country of the simulated port
    "XS ",// Serbia, in statistics
    2);

bool country_known(struct span code)
{
    if (code.len != 2 || code.at[0] < 'A' || code.at[0] > 'Z') return false;
    const struct span *seconds = &countries[code.at[0] - 'A'];
    return memchr(seconds->at, code.at[1], seconds->len) != NULL;
}

bool country_in_customs_use(struct span code)
{
    return country_known(code) || table_has(&customs_countries, code);
}

bool currency_known(struct span code)
{
    unsigned exponent;
    return currency_exponent(code, &exponent);
}

// --- Terms of delivery ---

static const struct table incoterms_current = TABLE(
    "CFR CIF CIP CPT DAP DDP DPU EXW FAS FCA FOB ", 3);
static const struct table incoterms_retired = TABLE(
    "DAF " // until 2010
    "DAT " // 2010 to 2019; DPU since
    "DDU " // until 2010
    "DEQ " // until 2010
    "DES ",// until 2010
    3);

enum incoterm incoterm_read(struct span code)
{
    if (table_has(&incoterms_current, code)) return INCOTERM_CURRENT;
    if (table_has(&incoterms_retired, code)) return INCOTERM_RETIRED;
    if (span_equal(code, SPAN("XXX"))) return INCOTERM_OTHER;
    return INCOTERM_UNKNOWN;
}

// --- Transport, packages, units ---

enum transport_mode transport_mode_read(struct span code)
{
    if (code.len < 1 || code.len > 2) return TRANSPORT_MODE_UNKNOWN;
    if (code.at[0] < '1' || code.at[0] > '9') return TRANSPORT_MODE_UNKNOWN;
    if (code.len == 2 && (code.at[1] < '0' || code.at[1] > '9')) return TRANSPORT_MODE_UNKNOWN;
    return (enum transport_mode)(code.at[0] - '0');
}

static const struct table packages = TABLE(
    "1A 1B 1D 1F 1G 1W 2C 3A 3H 43 44 4A 4B 4C 4D 4F 4G 4H 5H 5L 5M 6H 6P 7A "
    "7B 8A 8B 8C AA AB AC AD AE AF AG AH AI AJ AL AM AP AT AV B4 BA BB BC BD "
    "BE BF BG BH BI BJ BK BL BM BN BO BP BQ BR BS BT BU BV BW BX BY BZ CA CB "
    "CC CD CE CF CG CH CI CJ CK CL CM CN CO CP CQ CR CS CT CU CV CW CX CY CZ "
    "DA DB DC DG DH DI DJ DK DL DM DN DP DR DS DT DU DV DW DX DY EC ED EE EF "
    "EG EH EI EN FB FC FD FE FI FL FO FP FR FT FW FX GB GI GL GR GU GY GZ HA "
    "HB HC HG HN HR IA IB IC ID IE IF IG IH IK IL IN IZ JB JC JG JR JT JY KG "
    "KI LE LG LT LU LV LZ MA MB MC ME MR MS MT MW MX NA NE NF NG NS NT NU NV "
    "O1 O2 O3 O4 O5 O6 O7 O8 O9 OA OB OC OD OE OF OG OH OI OJ OK OL OM ON OP "
    "OQ OR OS OT OU OV OW OX OY OZ P1 P2 P3 P4 PA PB PC PD PE PF PG PH PI PJ "
    "PK PL PN PO PP PR PT PU PV PX PY PZ QA QB QC QD QF QG QH QJ QK QL QM QN "
    "QP QQ QR QS RD RG RJ RK RL RO RT RZ SA SB SC SD SE SH SI SK SL SM SO SP "
    "SS ST SU SV SW SY SZ T1 TB TC TD TE TG TI TK TL TN TO TR TS TT TU TV TW "
    "TY TZ UC UN VA VG VI VK VL VN VO VP VQ VR VS VY WA WB WC WD WF WG WH WJ "
    "WK WL WM WN WP WQ WR WS WT WU WV WW WX WY WZ XA XB XC XD XF XG XH XJ XK "
    "YA YB YC YD YF YG YH YJ YK YL YM YN YP YQ YR YS YT YV YW YX YY YZ ZA ZB "
    "ZC ZD ZF ZG ZH ZJ ZK ZL ZM ZN ZP ZQ ZR ZS ZT ZU ZV ZW ZX ZY ZZ ",
    2);

bool package_type_known(struct span code)
{
    return table_has(&packages, code);
}

bool package_type_is_bulk(struct span code)
{
    static const struct table bulk = TABLE("VG VL VO VQ VR VS VY ", 2);
    return table_has(&bulk, code);
}

static const struct table units = TABLE(
    "10  2N  2P  2X  4L  58  5B  A44 ACR AMP ANN APZ AS  ASM ASU BAR BFT BIL BLL BTU "
    "BUI C62 CCT CDL CEL CEN CG  CGM CLT CMK CMQ CMT CNT CTM CUR CWA CWI D65 DAD DAY "
    "DLT DMK DMQ DMT DPC DPR DPT DRA DRI DRL DTN DWT DZN DZP E22 E23 E27 E32 E34 E35 "
    "E4  EA  FAH FOT FTK FTQ GBQ GFI GGR GIA GII GLD GLI GLL GP  GRM GRN GRO GV  GWH "
    "H87 HA  HBX HC  HDW HEA HGM HIU HKM HLT HMQ HMT HPA HTZ HUR INH INK INQ ISD J57 "
    "JOU KBA KCC KDW KEL KGM KGS KHY KHZ KIC KIP KJO KLK KMA KMH KMK KMQ KMT KNI KNS "
    "KPA KPH KPO KPP KSD KSH KT  KTN KUR KVA KVR KVT KWH KWO KWT LAC LBR LBT LEF LF  "
    "LM  LN  LPA LR  LTN LTR LUB LUM LUX LY  M4  MAH MAL MAM MAW MBE MBF MBR MC  MCU "
    "MGM MHZ MIK MIL MIN MIO MIU MLD MLT MMK MMQ MMT MND MON MPA MQH MTK MTQ MTR MTS "
    "MVA MWH N3  NA  NAR NCL NEW NIL NIU NMI NMP NPT NT  ODE ODG ODK OHM ONZ OZA OZI "
    "P1  P5  PAL PFL PGL PLA PR  PTD PTI PTL PTN QAN QTD QTI QTL R9  RM  ROM RPM SAN "
    "SCO SEC SET SIE SM3 SMI SQR STC STI STK STL STN SYR T3  TAH TI  TIC TIP TKM TMS "
    "TNE TP  TPR TST TTS U2  VLT WCD WEE WHR WSD WTT YDK YDQ YRD ",
    3);

// Units of customs tariffs that Rec 20 does not have, or has marked as deleted.
static const struct table customs_units = TABLE(
    "ASV " // per cent of alcohol by volume
    "ENP " // effective number of packages
    "GP1 " // gross production of a spirits still
    "KAC " // kilogram net of acesulfame potassium
    "KCL " // kilogram of potassium chloride
    "KLT " // thousand litres
    "KNE " // kilogram of drained net weight
    "KTC " // kilogram of tobacco content
    "NPR " // number of pairs
    "TCE " // tonne of carbon dioxide equivalent
    "TJO " // terajoule of gross calorific value
    "WAT ",// number of watts
    3);

bool unit_known(struct span code)
{
    struct span_pair cut = span_cut(code, '#');
    if (cut.found && (cut.tail.len != 1 || cut.tail.at[0] < 'A' || cut.tail.at[0] > 'Z'))
        return false;
    return table_has(&units, cut.head) || table_has(&customs_units, cut.head);
}

// --- Procedures ---

static const struct table procedures = TABLE(
    "01 02 07 10 11 21 22 23 31 40 41 42 43 44 45 46 48 51 53 54 61 63 68 71 76 77 78 91 92 95 96 ",
    2);

bool procedure_known(struct span code)
{
    return table_has(&procedures, code);
}

bool previous_procedure_known(struct span code)
{
    return span_equal(code, SPAN("00")) || table_has(&procedures, code);
}

enum direction procedure_direction(struct span code)
{
    if (!procedure_known(code)) return DIRECTION_UNKNOWN;
    static const struct table out = TABLE("10 11 21 22 23 31 ", 2), either = TABLE("76 77 ", 2);
    if (table_has(&either, code)) return DIRECTION_UNKNOWN; // warehoused or made up for export
    return table_has(&out, code) ? DIRECTION_EXPORT : DIRECTION_IMPORT;
}

// --- Declaration types ---

static enum data_set additional_data_set(char additional)
{
    switch (additional) {
    case 'A': case 'D': case 'R': case 'U': case 'V': case 'X': case 'Y': case 'Z':
        return DATA_SET_FULL;
    case 'B': case 'C': case 'E': case 'F':
        return DATA_SET_SIMPLIFIED;
    case 'J': case 'K':
        return DATA_SET_NOTICE;
    default:
        return DATA_SET_UNKNOWN;
    }
}

bool declaration_type_read(struct span code, struct declaration_type *type)
{
    assert(type != NULL);
    *type = (struct declaration_type){ .data_set = DATA_SET_UNKNOWN };

    static const struct table requests = TABLE("COR GPR INV ", 3);
    if (table_has(&requests, code)) {
        type->data_set = DATA_SET_REQUEST;
        return true;
    }
    struct span head = { code.at, code.len < 2 ? code.len : 2 };
    if (span_equal(head, SPAN("IM"))) type->direction = DIRECTION_IMPORT;
    else if (span_equal(head, SPAN("EX"))) type->direction = DIRECTION_EXPORT;
    else if (!span_equal(head, SPAN("CO"))) return false;

    if (code.len == 2) {
        type->data_set = DATA_SET_PLAIN;
        return true;
    }
    if (code.len != 3) return false;
    type->additional = code.at[2];
    type->data_set = additional_data_set(type->additional);
    return type->data_set != DATA_SET_UNKNOWN;
}

// --- Previous documents ---

bool previous_document_type_shaped(struct span code)
{
    if (code.len < 1 || code.len > 4) return false;
    for (size_t i = 0; i < code.len; i++) {
        char c = code.at[i];
        if (!(c >= 'A' && c <= 'Z') && !(c >= '0' && c <= '9')) return false;
    }
    return true;
}
