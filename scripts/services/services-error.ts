/** One sentence that says what is wrong and the way out; shown to the developer as it is, without a stack. */
export class ServicesError extends Error {
  override readonly name = 'ServicesError';
}
