/** Ten thousand of a currency with hundredths: beyond it a tip is a slip of the finger. With the quote and after the delivery together. */
export const MAX_TIP_MINOR = 1_000_000;
