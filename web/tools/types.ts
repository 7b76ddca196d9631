// types: TypeScript of the schemas in an OpenAPI document.
//
// It knows what the server's own document is made of, and no more: what else there may be is an
// error. Of a schema that takes several types the first is what the server writes, and what the
// pages send.

interface Schema {
    $ref?: string;
    description?: string;
    type?: string | string[];
    const?: string;
    enum?: string[];
    anyOf?: Schema[];
    items?: Schema;
    properties?: Record<string, Schema>;
    required?: string[];
}

export interface OpenApi {
    components: { schemas: Record<string, Schema> };
}

// "trade_terms", a shape of the declaration, is TradeTerms.
function typeName(name: string): string {
    return name.replace(/(^|_)([a-z])/g, (_, __, letter: string) => letter.toUpperCase());
}

function referred(reference: string): string {
    return typeName(reference.slice(reference.lastIndexOf('/') + 1));
}

function members(schema: Schema): string {
    const lines = Object.entries(schema.properties ?? {}).map(([name, inner]) => {
        const optional = schema.required?.includes(name) ? '' : '?';
        return `${name}${optional}: ${typeOf(inner)};`;
    });
    return `{ ${lines.join(' ')} }`;
}

function typeOf(schema: Schema): string {
    if (schema.$ref !== undefined) return referred(schema.$ref);
    if (schema.const !== undefined) return `'${schema.const}'`;
    if (schema.enum !== undefined) return schema.enum.map((word) => `'${word}'`).join(' | ');
    if (schema.anyOf !== undefined) return schema.anyOf.map(typeOf).join(' | ');
    const type = Array.isArray(schema.type) ? schema.type[0] : schema.type;
    switch (type) {
        case 'string':
            return 'string';
        case 'integer':
        case 'number':
            return 'number';
        case 'boolean':
            return 'boolean';
        case 'array':
            return `(${typeOf(schema.items ?? {})})[]`;
        case 'object':
            return schema.properties === undefined ? 'Record<string, unknown>' : members(schema);
        case undefined:
            return 'unknown';
        default:
            throw new Error(`a schema of the type ${type}`);
    }
}

function declared(name: string, schema: Schema): string {
    const comment = schema.description === undefined ? '' : `/** ${schema.description} */\n`;
    const plain = schema.properties !== undefined && Object.keys(schema.properties).length > 0;
    return plain
        ? `${comment}export interface ${typeName(name)} ${members(schema)}\n`
        : `${comment}export type ${typeName(name)} = ${typeOf(schema)};\n`;
}

export function typesOf(document: OpenApi): string {
    const schemas = Object.entries(document.components.schemas);
    const names = schemas.map(([name]) => typeName(name));
    const twice = names.find((name, at) => names.indexOf(name) !== at);
    if (twice !== undefined) throw new Error(`two schemas are called ${twice}`);
    return schemas.map(([name, schema]) => declared(name, schema)).join('\n');
}
