/** One file of a multipart body, as its sender describes it. */
export interface UploadedFile {
  bytes: Buffer;
  /** As the client says; nothing is ever called by it. */
  name: string;
  /** As the client says. */
  declaredType: string;
}
