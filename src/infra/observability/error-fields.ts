const MAX_CAUSES = 4;

export interface ErrorFields {
  type: string;
  message: string;
  stack?: string;
  code?: string | number;
  cause?: ErrorFields;
}

/**
 * What a log line says of an error: a closed list. Libraries hang requests, payloads and buffers on their errors, with whatever
 * personal data is in them, and the redactor throws when it walks into a Buffer.
 */
export function errorFields(error: unknown, depth = 0): ErrorFields {
  if (!(error instanceof Error)) return { type: typeof error, message: String(error) };
  const { code } = error as { code?: unknown };
  const hasCause = error.cause !== undefined && depth < MAX_CAUSES;
  return {
    type: error.name,
    message: error.message,
    ...(error.stack === undefined ? {} : { stack: error.stack }),
    ...(typeof code === 'string' || typeof code === 'number' ? { code } : {}),
    ...(hasCause ? { cause: errorFields(error.cause, depth + 1) } : {}),
  };
}
