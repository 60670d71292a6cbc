/** A refusal in the vendor's form. */
export class TwilioError extends Error {
  readonly status: number;
  readonly code: number;

  constructor(status: number, code: number, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }

  toBody(): object {
    const { code, message, status } = this;
    return { code, message, more_info: `https://www.twilio.com/docs/errors/${code}`, status };
  }
}

export function notAuthenticated(): TwilioError {
  return new TwilioError(401, 20003, 'Authenticate');
}

export function notFound(path: string): TwilioError {
  return new TwilioError(404, 20404, `The requested resource ${path} was not found`);
}

export function badRequest(code: number, message: string): TwilioError {
  return new TwilioError(400, code, message);
}
