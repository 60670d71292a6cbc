import { describe, expect, it } from 'vitest';
import { buildOpenApiDocument } from '../../../src/http/index.ts';
import { imagesContracts } from '../../../src/modules/images/images.schema.ts';

const text = JSON.stringify(buildOpenApiDocument(imagesContracts, 'http://127.0.0.1'));

describe('the document of the pictures', () => {
  it('names every size and format of an address', () => {
    const description = text.slice(text.indexOf('"urlTemplate":{')).slice(0, 400);
    for (const word of ['small', 'medium', 'large', 'avif', 'webp', 'jpg', '{size}', '{format}']) {
      expect(description).toContain(word);
    }
  });

  it('asks for the file, and says what comes when it does not come', () => {
    expect(text).toContain('"required":["purpose","file"]');
    expect(text).toContain('"408":');
  });
});
