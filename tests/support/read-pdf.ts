import { extractText, getDocumentProxy } from 'unpdf';

/** The text of a PDF, page by page, with every gap as one plain space. */
export async function readPdf(content: Uint8Array): Promise<string[]> {
  const document = await getDocumentProxy(new Uint8Array(content));
  const { text } = await extractText(document, { mergePages: false });
  return text.map(plain);
}

/** As `readPdf` gives it: currencies stand behind narrow and unbreakable spaces. */
export function plain(text: string): string {
  return text.replaceAll(/\s+/g, ' ');
}
