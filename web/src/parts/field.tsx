// field: a labelled control with its hint and its error, tied together for those who listen.

import type { ComponentChildren } from 'preact';
import { useWords } from '../words/words';

interface Frame {
    id: string;
    label: string;
    hint?: string | undefined;
    error?: string | undefined;
}

interface FrameProps extends Frame {
    children: ComponentChildren;
}

export function describedBy({ id, hint, error }: Frame): string | undefined {
    const ids = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean);
    return ids.length > 0 ? ids.join(' ') : undefined;
}

export function FieldFrame({ id, label, hint, error, children }: FrameProps) {
    const words = useWords();
    return (
        <div class={`govuk-form-group${error ? ' govuk-form-group--error' : ''}`}>
            <label class="govuk-label" for={id}>
                {label}
            </label>
            {hint && (
                <div class="govuk-hint" id={`${id}-hint`}>
                    {hint}
                </div>
            )}
            {error && (
                <p class="govuk-error-message" id={`${id}-error`}>
                    <span class="govuk-visually-hidden">{words.app.error}: </span>
                    {error}
                </p>
            )}
            {children}
        </div>
    );
}

interface InputProps extends Frame {
    value: string;
    change: (value: string) => void;
    leave?: () => void; // whoever wrote goes on to something else
    width?: 5 | 10 | 20 | 30;
    isPassword?: boolean;
    isNumber?: boolean;
    autocomplete?: string;
    spellcheck?: boolean;
}

export function Input({
    value,
    change,
    leave,
    width,
    isPassword,
    isNumber,
    autocomplete,
    spellcheck,
    ...frame
}: InputProps) {
    const { id, error } = frame;
    return (
        <FieldFrame {...frame}>
            <input
                {...(isPassword ? { type: 'password' } : { type: 'text', dir: 'auto' })}
                id={id}
                name={id}
                value={value}
                autocomplete={autocomplete}
                spellcheck={spellcheck}
                inputMode={isNumber ? 'decimal' : undefined}
                class={
                    `govuk-input${width ? ` govuk-input--width-${width}` : ''}` +
                    (error ? ' govuk-input--error' : '')
                }
                aria-describedby={describedBy(frame)}
                aria-invalid={error ? true : undefined}
                onInput={(event) => change(event.currentTarget.value)}
                onBlur={leave}
            />
        </FieldFrame>
    );
}

type AreaProps = Frame & {
    value: string;
    change: (value: string) => void;
    leave?: () => void;
    rows?: number;
    isCode?: boolean; // from left to right in any language, each letter as wide as the others
};

export function TextArea({ value, change, leave, rows = 3, isCode, ...frame }: AreaProps) {
    return (
        <FieldFrame {...frame}>
            <textarea
                id={frame.id}
                name={frame.id}
                rows={rows}
                value={value}
                dir={isCode ? 'ltr' : 'auto'}
                spellcheck={!isCode}
                class={
                    `govuk-textarea${isCode ? ' desk-source' : ''}` +
                    (frame.error ? ' govuk-textarea--error' : '')
                }
                aria-describedby={describedBy(frame)}
                aria-invalid={frame.error ? true : undefined}
                onInput={(event) => change(event.currentTarget.value)}
                onBlur={leave}
            />
        </FieldFrame>
    );
}

type SelectProps = Frame & {
    value: string;
    change: (value: string) => void;
    options: { value: string; text: string }[];
};

export function Select({ value, change, options, ...frame }: SelectProps) {
    return (
        <FieldFrame {...frame}>
            <select
                id={frame.id}
                name={frame.id}
                class="govuk-select"
                value={value}
                aria-describedby={describedBy(frame)}
                onChange={(event) => change(event.currentTarget.value)}
            >
                {options.map((option) => (
                    <option key={option.value} value={option.value}>
                        {option.text}
                    </option>
                ))}
            </select>
        </FieldFrame>
    );
}

interface ChecksProps extends Frame {
    options: { value: string; text: string }[];
    values: string[];
    change: (values: string[]) => void;
}

// Any of some things, each with a box of its own.
export function Checks({ id, label, hint, error, options, values, change }: ChecksProps) {
    const words = useWords();
    const toggle = (value: string) =>
        change(values.includes(value) ? values.filter((one) => one !== value) : [...values, value]);
    return (
        <div class={`govuk-form-group${error ? ' govuk-form-group--error' : ''}`}>
            <fieldset
                class="govuk-fieldset"
                aria-describedby={describedBy({ id, label, hint, error })}
            >
                <legend class="govuk-fieldset__legend">{label}</legend>
                {hint && (
                    <div class="govuk-hint" id={`${id}-hint`}>
                        {hint}
                    </div>
                )}
                {error && (
                    <p class="govuk-error-message" id={`${id}-error`}>
                        <span class="govuk-visually-hidden">{words.app.error}: </span>
                        {error}
                    </p>
                )}
                <div class="govuk-checkboxes govuk-checkboxes--small">
                    {options.map(({ value, text }) => (
                        <div class="govuk-checkboxes__item" key={value}>
                            <input
                                type="checkbox"
                                class="govuk-checkboxes__input"
                                id={`${id}-${value}`}
                                checked={values.includes(value)}
                                onChange={() => toggle(value)}
                            />
                            <label
                                class="govuk-label govuk-checkboxes__label"
                                for={`${id}-${value}`}
                            >
                                {text}
                            </label>
                        </div>
                    ))}
                </div>
            </fieldset>
        </div>
    );
}
