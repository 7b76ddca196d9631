// declaration: what was declared, in sections as an officer reads it.

import type { Declaration, File, Item, Paper, Party, TransportMeans } from '../api/types';
import { useWords, type Words } from '../words/words';
import { Code, DecimalText, MoneyText, Moment } from './data';
import { List } from './list';
import { Cell, Table } from './table';

export function Summary({ file }: { file: File }) {
    const words = useWords().file;
    const { declaration } = file;
    return (
        <section>
            <h2 class="govuk-heading-m">{words.summary}</h2>
            <List
                rows={[
                    {
                        name: words.type,
                        value: declaration.typeCode && <Code text={declaration.typeCode} />,
                    },
                    {
                        name: words.reference,
                        value: declaration.functionalReferenceId && (
                            <Code text={declaration.functionalReferenceId} />
                        ),
                    },
                    { name: words.version, value: file.version },
                    {
                        name: words.office,
                        value: declaration.officeId && <Code text={declaration.officeId} />,
                    },
                    { name: words.lodged, value: <Moment at={file.lodgedAt} /> },
                    {
                        name: words.claimedBy,
                        value: file.claimedBy && <Code text={file.claimedBy} />,
                    },
                    {
                        name: words.customsValue,
                        value: file.customsValue && <MoneyText money={file.customsValue} />,
                    },
                    { name: words.owed, value: file.owed && <MoneyText money={file.owed} /> },
                ]}
            />
        </section>
    );
}

function packagesOf(item: Item): string {
    return (item.packages ?? [])
        .map(({ quantity, typeCode }) => `${quantity ?? ''} ${typeCode ?? ''}`.trim())
        .join(', ');
}

export function Goods({ items }: { items: Item[] }) {
    const words = useWords().file;
    const head = [
        { text: words.item },
        { text: words.code },
        { text: words.description },
        { text: words.origin },
        { text: words.price, isNumber: true },
        { text: words.net, isNumber: true },
        { text: words.gross, isNumber: true },
        { text: words.packages },
    ];
    return (
        <section>
            <Table caption={words.goods} head={head}>
                {items.map((item, i) => (
                    <tr class="govuk-table__row" key={i}>
                        <Cell>{item.sequence ?? i + 1}</Cell>
                        <Cell>
                            <Code text={item.classifications?.[0]?.id} />
                        </Cell>
                        <Cell>
                            <bdi>{item.description}</bdi>
                        </Cell>
                        <Cell>
                            <Code text={item.origins?.[0]?.countryCode} />
                        </Cell>
                        <Cell isNumber>
                            <MoneyText money={item.price} />
                        </Cell>
                        <Cell isNumber>
                            <DecimalText value={item.netMass} />
                        </Cell>
                        <Cell isNumber>
                            <DecimalText value={item.grossMass} />
                        </Cell>
                        <Cell>
                            <Code text={packagesOf(item)} />
                        </Cell>
                    </tr>
                ))}
            </Table>
        </section>
    );
}

function PartyText({ party }: { party: Party }) {
    const { address } = party;
    const lines = [
        party.name,
        address?.line,
        [address?.postcode, address?.cityName, address?.countryCode].filter(Boolean).join(' '),
    ];
    return (
        <>
            <Code text={party.id} />
            {lines.filter(Boolean).map((line) => (
                <div key={line}>
                    <bdi>{line}</bdi>
                </div>
            ))}
        </>
    );
}

export function Parties({ declaration }: { declaration: Declaration }) {
    const words = useWords().file;
    const names = Object.keys(words.party) as (keyof Words['file']['party'])[];
    return (
        <section>
            <h2 class="govuk-heading-m">{words.parties}</h2>
            <List
                rows={names.map((name) => {
                    const party = declaration[name];
                    return { name: words.party[name], value: party && <PartyText party={party} /> };
                })}
            />
        </section>
    );
}

function meansText(means: TransportMeans | undefined): string {
    return [means?.modeCode, means?.id, means?.conveyanceReference, means?.nationalityCode]
        .filter(Boolean)
        .join(' \u00b7 ');
}

// A code, or nothing: then the row is left out.
function code(text: string | undefined) {
    return text ? <Code text={text} /> : undefined;
}

export function Route({ declaration }: { declaration: Declaration }) {
    const words = useWords().file;
    const { goodsLocation, tradeTerms, containers = [], itinerary = [] } = declaration;
    const via = itinerary
        .map(({ countryCode }) => countryCode)
        .filter(Boolean)
        .join(' \u203a ');
    return (
        <section>
            <h2 class="govuk-heading-m">{words.route}</h2>
            <List
                rows={[
                    { name: words.from, value: code(declaration.exportCountry) },
                    { name: words.loading, value: code(declaration.loadingLocationId) },
                    { name: words.route, value: code(via) },
                    {
                        name: words.means,
                        value: code(meansText(declaration.borderMeans ?? declaration.arrivalMeans)),
                    },
                    { name: words.unloading, value: code(declaration.unloadingLocationId) },
                    {
                        name: words.goodsLocation,
                        value: code(goodsLocation?.name ?? goodsLocation?.id),
                    },
                    { name: words.to, value: code(declaration.destinationCountry) },
                    {
                        name: words.terms,
                        value: code(
                            [tradeTerms?.conditionCode, tradeTerms?.locationName]
                                .filter(Boolean)
                                .join(' '),
                        ),
                    },
                    {
                        name: words.containers,
                        value: containers.map(({ id, seals = [] }) => (
                            <div key={id}>
                                <Code text={id} />
                                {seals.length > 0 && (
                                    <>
                                        {' '}
                                        ({words.seals}:{' '}
                                        <Code text={seals.map((seal) => seal.id).join(', ')} />)
                                    </>
                                )}
                            </div>
                        )),
                    },
                ]}
            />
        </section>
    );
}

export function Documents({ declaration }: { declaration: Declaration }) {
    const words = useWords().file;
    const rows: { paper: Paper; item?: number }[] = [
        ...(declaration.documents ?? []).map((paper) => ({ paper })),
        ...(declaration.items ?? []).flatMap((item, i) =>
            (item.documents ?? []).map((paper) => ({ paper, item: item.sequence ?? i + 1 })),
        ),
    ];
    const head = [words.documentType, words.documentNumber, words.ofItem].map((text) => ({ text }));
    return (
        <section>
            {rows.length === 0 ? (
                <>
                    <h2 class="govuk-heading-m">{words.documents}</h2>
                    <p class="govuk-body">{words.noDocuments}</p>
                </>
            ) : (
                <Table caption={words.documents} head={head}>
                    {rows.map(({ paper, item }, i) => (
                        <tr class="govuk-table__row" key={i}>
                            <Cell>
                                <Code
                                    text={[paper.categoryCode, paper.typeCode]
                                        .filter(Boolean)
                                        .join(' ')}
                                />
                            </Cell>
                            <Cell>
                                <Code text={paper.id} />
                            </Cell>
                            <Cell>{item}</Cell>
                        </tr>
                    ))}
                </Table>
            )}
        </section>
    );
}
