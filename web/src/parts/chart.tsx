// chart: lines or bars over days or names, drawn by uPlot; what is drawn stands in a table, too.
//
// Series differ by dashes as well as by colour. In a script that runs from right to left time does
// so as well.

import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { languages, useSpeech } from '../words/words';

const HEIGHT = 260;
const LABELS_MAX = 8; // along the bottom, of a wide chart
const LABEL_WIDTH = 90;
const INK = '#0b0c0c';
const LINE = '#d0d4d6';

export interface Series {
    label: string;
    values: (number | null)[];
    colour: string;
    dash?: number[];
}

export interface ChartProps {
    title: string;
    summary: string; // what it shows, for those who do not see it
    names: string[]; // along the bottom
    series: Series[];
    isBars?: boolean;
    format: (value: number) => string;
    children: ComponentChildren; // the table
}

function optionsOf(props: ChartProps, width: number, isRtl: boolean): uPlot.Options {
    const { names, series, isBars = false, format } = props;
    const font = '14px "IBM Plex Sans", "IBM Plex Sans Arabic", sans-serif';
    const labels = Math.max(2, Math.min(LABELS_MAX, Math.floor(width / LABEL_WIDTH)));
    const step = isBars ? 1 : Math.max(1, Math.ceil(names.length / labels));
    const ticks = names.map((_, i) => i).filter((i) => i % step === 0);
    const axis = { stroke: INK, font, grid: { stroke: LINE, width: 1 }, ticks: { stroke: LINE } };
    const margin = isBars ? 0.6 : 0;
    return {
        width,
        height: HEIGHT,
        legend: { show: false },
        scales: {
            x: {
                time: false,
                dir: isRtl ? -1 : 1,
                range: [-margin, Math.max(names.length - 1, 1) + margin],
            },
            y: { range: (_, __, max) => [0, max > 0 ? max * 1.05 : 1] },
        },
        axes: [
            { ...axis, splits: () => ticks, values: () => ticks.map((i) => names[i] ?? '') },
            {
                ...axis,
                side: isRtl ? 1 : 3,
                size: 70,
                values: (_, splits) => splits.map(format),
            },
        ],
        series: [
            {},
            ...series.map(({ label, colour, dash }) => ({
                label,
                stroke: colour,
                width: 2,
                ...(dash ? { dash } : {}),
                ...(isBars && uPlot.paths.bars
                    ? { fill: colour, paths: uPlot.paths.bars({ size: [0.6, 90] }) }
                    : {}),
                points: { show: !isBars && names.length < 40, size: 5, fill: colour },
                spanGaps: true,
            })),
        ],
    };
}

function Sample({ series: { colour, dash } }: { series: Series }) {
    return (
        <svg width="34" height="10" aria-hidden="true">
            <line
                x1="0"
                y1="5"
                x2="34"
                y2="5"
                stroke={colour}
                stroke-width="3"
                stroke-dasharray={dash?.join(' ')}
            />
        </svg>
    );
}

// Draws anew when anything of it or the width changes; says over which of the names the pointer is.
function useDrawing(props: ChartProps) {
    const { language } = useSpeech();
    const box = useRef<HTMLDivElement>(null);
    const [pointed, setPointed] = useState<number>();
    const isRtl = languages[language].dir === 'rtl';
    const key = JSON.stringify([props.names, props.series, language]);
    useEffect(() => {
        const frame = box.current;
        if (frame === null) return undefined;
        const data: uPlot.AlignedData = [
            props.names.map((_, i) => i),
            ...props.series.map(({ values }) => values),
        ];
        const options = optionsOf(props, frame.clientWidth, isRtl);
        options.cursor = { drag: { x: false, y: false }, y: false };
        options.hooks = { setCursor: [(plot) => setPointed(plot.cursor.idx ?? undefined)] };
        const plot = new uPlot(options, data, frame);
        const resized = new ResizeObserver(() =>
            plot.setSize({ width: frame.clientWidth, height: HEIGHT }),
        );
        resized.observe(frame);
        return () => {
            resized.disconnect();
            plot.destroy();
        };
    }, [key]);
    return { box, pointed };
}

export function Chart(props: ChartProps) {
    const { title, summary, names, series, format, children } = props;
    const { words } = useSpeech();
    const { box, pointed } = useDrawing(props);
    return (
        <figure class="desk-chart">
            <figcaption>
                <h2 class="govuk-heading-m">{title}</h2>
            </figcaption>
            <ul class="desk-legend">
                {series.map((one) => (
                    <li key={one.label}>
                        <Sample series={one} /> {one.label}
                        {pointed !== undefined && (
                            <strong aria-hidden="true">
                                {' '}
                                <bdi>{format(one.values[pointed] ?? 0)}</bdi>
                            </strong>
                        )}
                    </li>
                ))}
                <li class="desk-quiet" aria-hidden="true">
                    {pointed === undefined ? '\u00a0' : names[pointed]}
                </li>
            </ul>
            <div ref={box} class="desk-plot" role="img" aria-label={summary} dir="ltr" />
            <details class="govuk-details">
                <summary class="govuk-details__summary">
                    <span class="govuk-details__summary-text">
                        {words.figures.asTable}
                        <span class="govuk-visually-hidden">: {title}</span>
                    </span>
                </summary>
                {children}
            </details>
        </figure>
    );
}
