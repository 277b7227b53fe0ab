/**
 * Who may import whom. One entry per layer: `ours` are folders and files of this repository, `npm` packages, `node` the
 * built-in modules (`true`: any). What is not named is forbidden.
 */
const PURE = ['buffer', 'crypto', 'util', 'url', 'string_decoder'];

const LAYERS = {
  contract: { from: '^src/contract/', ours: [], npm: ['zod'], node: [] },
  core: { from: '^src/core/', ours: ['^src/contract/'], npm: ['temporal-polyfill', 'libphonenumber-js'], node: PURE },
  platform: {
    from: '^src/platform/',
    // core/paper: what a page to be printed holds.
    ours: ['^src/contract/', '^src/core/paper/'],
    npm: [
      'axios',
      'pino',
      'zod',
      'file-type',
      'ipaddr\\.js',
      'sanitize-html',
      'sharp',
      'pdfkit',
      'csv-parse',
      'read-excel-file',
    ],
    node: true,
  },
  config: {
    from: '^src/config/',
    // What hub.yaml names of core: the roles, what rules look at, what a counter asks for, telephone numbers, and what imports read.
    ours: [
      '^src/contract/',
      '^adapters/index\\.ts$',
      '^src/core/(roles|entry|routing|shapes|leaks/phones|imports/(fields|dates))\\.ts$',
    ],
    npm: ['zod', 'yaml'],
    node: true,
  },
  store: {
    from: '^src/store/',
    ours: ['^src/contract/', '^src/core/', '^src/platform/'],
    npm: ['kysely', 'pg'],
    node: true,
  },
  queue: {
    from: '^src/queue/',
    ours: ['^src/contract/', '^src/core/', '^src/platform/'],
    // pg: the pool of BullMQ's PostgreSQL backend.
    npm: ['bullmq', 'ioredis', 'pg'],
    node: true,
  },
  flows: {
    from: '^src/flows/',
    ours: ['^src/contract/', '^src/core/', '^src/platform/', '^src/config/', '^src/store/', '^src/queue/'],
    npm: [],
    node: true,
  },
  api: {
    from: '^src/api/',
    ours: ['^src/contract/', '^src/core/', '^src/config/', '^src/flows/', '^src/store/'],
    npm: [
      'fastify',
      '@fastify/[^/]+',
      'fastify-plugin',
      'fastify-type-provider-zod',
      '@scalar/[^/]+',
      'zod',
      'prom-client',
    ],
    node: true,
  },
  cli: {
    from: '^src/cli/',
    ours: ['^src/contract/', '^src/core/', '^src/config/', '^src/flows/', '^src/store/'],
    npm: ['commander'],
    node: true,
  },
  adapter: {
    from: '^adapters/([^/]+)/',
    // Its own folder, and the folder of a family (`_meta`).
    ours: ['^src/contract/', '^adapters/$1/', '^adapters/_[^/]+/'],
    npm: ['zod', 'imapflow', 'nodemailer', 'mailparser', 'twitter-api-v2', 'lossless-json', 'jsonata'],
    // Everything from outside comes by the context: no files, sockets, processes or threads.
    node: [...PURE, 'zlib', 'stream', 'events', 'timers', 'timers/promises'],
    // Except where the platform is a folder: see `spool-builtins`.
    exempt: '^adapters/sms/spool/',
  },
  registry: {
    from: '^adapters/index\\.ts$',
    ours: ['^src/contract/', '^adapters/[^/]+/index\\.ts$'],
    npm: [],
    node: [],
  },
};

const packages = (names) => names.map((name) => `(^|/)node_modules/(@types/)?${name}/`);

const rulesOf = ([layer, { from, ours, npm, node, exempt }]) => [
  {
    name: `${layer}-imports`,
    comment: `${layer} may import ${[...ours, ...npm].join(', ') || 'nothing'}`,
    severity: 'error',
    from: { path: from },
    to: {
      pathNot: [layer === 'adapter' ? '^adapters/$1/' : from, ...ours, ...packages(npm)],
      dependencyTypesNot: ['core'],
    },
  },
  ...(node === true
    ? []
    : [
        {
          name: `${layer}-builtins`,
          comment: `${layer} may use these modules of Node: ${node.join(', ') || 'none'}`,
          severity: 'error',
          from: { path: from, ...(exempt && { pathNot: exempt }) },
          to: { dependencyTypes: ['core'], pathNot: node.map((name) => `^(node:)?${name}$`) },
        },
      ]),
];

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    ...Object.entries(LAYERS).flatMap(rulesOf),
    {
      name: 'spool-builtins',
      comment: 'a modem has no address: its folders, which the settings name, are the platform',
      severity: 'error',
      from: { path: LAYERS.adapter.exempt },
      to: { dependencyTypes: ['core'], pathNot: [...PURE, 'fs/promises', 'path'].map((name) => `^(node:)?${name}$`) },
    },
    {
      name: 'found',
      comment: 'an import that leads nowhere',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: 'no-cycles',
      comment: 'modules that need each other are one module; types may point both ways',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
  ],
  options: {
    // TypeScript 7 has no parser for it: without swc it sees no module at all and finds nothing.
    parser: 'swc',
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default', 'types'] },
  },
};
