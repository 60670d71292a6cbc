/** A refusal in the vendor's form. */
export class CloudinaryError extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }

  toBody(): object {
    return { error: { message: this.message } };
  }
}
