/** The parts of a Postman collection (v2.1) that the scripts here touch. */
export interface Collection {
  info: { _postman_id?: string; name: string; [key: string]: unknown };
  item: CollectionEntry[];
  event?: CollectionEvent[];
  variable?: { key: string; value: string }[];
  auth?: object;
}

export type CollectionEntry = Folder | RequestItem;

export interface Folder {
  id?: string;
  name: string;
  description?: unknown;
  item: CollectionEntry[];
}

export interface RequestItem {
  id?: string;
  name: string;
  request: CollectionRequest;
  response?: ExampleAnswer[];
  event?: CollectionEvent[];
}

export interface ExampleAnswer {
  id?: string;
  name: string;
  code?: number;
  originalRequest?: unknown;
  [key: string]: unknown;
}

export interface CollectionRequest {
  name?: string;
  method: string;
  description?: unknown;
  url: CollectionUrl;
  header?: { key: string; value: string; disabled?: boolean }[];
  body?: { mode?: string; raw?: string; [key: string]: unknown };
  auth?: object | null;
}

export interface CollectionUrl {
  host: string[];
  path: string[];
  query?: { key: string; value: string; disabled?: boolean }[];
  variable?: { key: string; value: string; [key: string]: unknown }[];
}

export interface CollectionEvent {
  listen: 'test' | 'prerequest';
  script: { type: 'text/javascript'; exec: string[] };
}

export function isFolder(entry: CollectionEntry): entry is Folder {
  return 'item' in entry;
}
