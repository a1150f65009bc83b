// JSON schemas of metadata definitions, as Glance serves them at `/v2/schemas/metadefs/…` in all its releases.

const text = { type: 'string' } as const
const shortText = { type: 'string', maxLength: 80 } as const
const described = (description: string, maxLength: number) => ({ type: 'string', description, maxLength })
const readOnly = { readOnly: true, type: 'string' } as const
const time = (description: string) => ({ type: 'string', readOnly: true, description, format: 'date-time' })
const times = (created: string, updated = created) => ({
  created_at: time(`Date and time of ${created}`),
  updated_at: time(`Date and time of the last ${updated} modification`),
})
const ref = (name: string) => ({ $ref: `#/definitions/${name}` })

const valueType = {
  type: 'string',
  enum: ['array', 'boolean', 'integer', 'number', 'object', 'string', null],
}

const propertyFields = {
  name: shortText,
  title: text,
  description: text,
  operators: { type: 'array', items: text },
  type: valueType,
  required: ref('stringArray'),
  minimum: { type: 'number' },
  maximum: { type: 'number' },
  maxLength: ref('positiveInteger'),
  minLength: ref('positiveIntegerDefault0'),
  pattern: { type: 'string', format: 'regex' },
  enum: { type: 'array' },
  readonly: { type: 'boolean' },
  default: {},
  items: { type: 'object', properties: { type: valueType, enum: { type: 'array' } } },
  maxItems: ref('positiveInteger'),
  minItems: ref('positiveIntegerDefault0'),
  uniqueItems: { type: 'boolean', default: false },
  additionalItems: { type: 'boolean' },
}

const integers = {
  positiveInteger: { type: 'integer', minimum: 0 },
  positiveIntegerDefault0: { allOf: [ref('positiveInteger'), { default: 0 }] },
}

const definitions = {
  ...integers,
  stringArray: { type: 'array', items: text, uniqueItems: true },
  property: {
    type: 'object',
    additionalProperties: { type: 'object', required: ['title', 'type'], properties: propertyFields },
  },
}

const propertyDefinitions = {
  ...integers,
  stringArray: { type: 'array', items: text, minItems: 1, uniqueItems: true },
}

const inner = (properties: object) => ({ type: 'array', items: { type: 'object', properties } })

const namespaceFields = {
  namespace: described('The unique namespace text.', 80),
  display_name: described('The user friendly name for the namespace. Used by UI if available.', 80),
  description: described('Provides a user friendly description of the namespace.', 500),
  visibility: { type: 'string', description: 'Scope of namespace accessibility.', enum: ['public', 'private'] },
  protected: { type: 'boolean', description: 'If true, namespace will not be deletable.' },
  owner: described('Owner of the namespace.', 255),
  ...times('namespace creation', 'namespace'),
  schema: readOnly,
  self: readOnly,
  resource_type_associations: inner({ name: text, prefix: text, properties_target: text }),
  properties: ref('property'),
  objects: inner({ name: text, description: text, required: ref('stringArray'), properties: ref('property') }),
  tags: inner({ name: text }),
}

const objectFields = {
  name: shortText,
  description: text,
  required: ref('stringArray'),
  properties: ref('property'),
  schema: readOnly,
  self: readOnly,
  ...times('object creation', 'object'),
}

const resourceTypeFields = {
  name: described(
    'Resource type names should be aligned with Heat resource types whenever possible: https://docs.openstack.org/heat/latest/template_guide/openstack.html',
    80,
  ),
  prefix: described(
    'Specifies the prefix to use for the given resource type. Any properties in the namespace should be prefixed with this prefix when being applied to the specified resource type. Must include prefix separator (e.g. a colon :).',
    80,
  ),
  properties_target: described(
    'Some resource types allow more than one key / value pair per instance.  For example, Cinder allows user and image metadata on volumes. Only the image properties metadata is evaluated by Nova (scheduling or drivers). This property allows a namespace target to remove the ambiguity.',
    80,
  ),
  ...times('resource type association'),
}

const tagFields = { name: shortText, ...times('tag creation', 'tag') }

/** What can be defined: the document of one, and the key under which a list has them. */
const kinds = [
  { path: 'namespace', list: 'namespaces', name: 'namespace', fields: namespaceFields, required: ['namespace'] },
  { path: 'object', list: 'objects', name: 'object', fields: objectFields, required: ['name'] },
  {
    path: 'property',
    list: 'properties',
    name: 'property',
    fields: propertyFields,
    required: ['type', 'title', 'name'],
  },
  {
    path: 'resource_type',
    list: 'resource_types',
    name: 'resource_type_association',
    fields: resourceTypeFields,
    required: ['name'],
  },
  { path: 'tag', list: 'tags', name: 'tag', fields: tagFields, required: ['name'] },
] as const

const definitionsOf: Readonly<Record<string, object>> = {
  namespace: definitions,
  object: definitions,
  property: propertyDefinitions,
}

const links = [
  { rel: 'first', href: '{first}' },
  { rel: 'next', href: '{next}' },
  { rel: 'describedby', href: '{schema}' },
]

/** The documents by the last segment of their path. */
export const metadefSchemas: Readonly<Record<string, object>> = Object.fromEntries(
  kinds.flatMap(({ path, list, name, fields, required }) => {
    const own = definitionsOf[path]
    const shared = own ? { definitions: own } : {}
    const document = { name, properties: fields, additionalProperties: false, ...shared, required }
    // In a list the definitions stand beside the items.
    const { definitions: _, ...bare } = { definitions: undefined, ...document }
    // There the name of a property is its key.
    const items =
      path === 'property'
        ? { type: 'object', additionalProperties: { ...bare, required: ['type', 'title'] } }
        : { type: 'array', items: bare }
    const key = path === 'resource_type' ? 'resource_type_associations' : list
    const properties = { [key]: items, first: text, next: text, schema: text }
    return [
      [path, document],
      [list, { name: key, properties, links, ...shared }],
    ]
  }),
)
