/** For a vendor's SDK that reads a variable when it is imported, and has no other way to be told. */
export function setSdkVariable(name: string, value: string): void {
  process.env[name] = value;
}
