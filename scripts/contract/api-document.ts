/** What the scripts here read of an OpenAPI document. */
export interface ApiDocument {
  paths: Record<string, Record<string, ApiOperation>>;
  components?: { schemas?: Record<string, ApiSchema> };
}

export interface ApiOperation {
  operationId: string;
  tags: string[];
  summary: string;
  security: object[];
  parameters?: { name: string; in: string; required?: boolean; schema: ApiSchema; example?: unknown }[];
  requestBody?: { content: Record<string, ApiMedia> };
  responses: Record<string, { description: string; content?: Record<string, ApiMedia> }>;
}

export interface ApiMedia {
  schema?: ApiSchema;
  example?: unknown;
  examples?: Record<string, { value: unknown }>;
}

export interface ApiSchema {
  $ref?: string;
  type?: string | string[];
  format?: string;
  examples?: unknown[];
  const?: unknown;
  enum?: unknown[];
  default?: unknown;
  minimum?: number;
  properties?: Record<string, ApiSchema>;
  items?: ApiSchema;
  anyOf?: ApiSchema[];
  oneOf?: ApiSchema[];
  allOf?: ApiSchema[];
}

/** Every operation with its path and method. */
export function operationsOf(document: ApiDocument): { path: string; method: string; operation: ApiOperation }[] {
  return Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => ({ path, method, operation })),
  );
}

export function toFileText(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
