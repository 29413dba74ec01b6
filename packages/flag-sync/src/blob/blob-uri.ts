/** `scheme://bucket/object?option=value` in parts. The object's name is taken as it is written, without decoding. */
export interface BlobLocation {
  readonly bucket: string;
  readonly object: string;
  /** Options of the store's driver. */
  readonly options: ReadonlyMap<string, string>;
}

/** Splits the URI of a blob. Throws RangeError for another scheme, a missing part, or an option that is not among `known`. */
export function parseBlobUri(uri: string, scheme: string, known: readonly string[]): BlobLocation {
  const parts = /^([a-z0-9]+):\/\/([^/?]+)\/([^?]+)(?:\?(.*))?$/.exec(uri);
  const [, given, bucket = "", object = "", query = ""] = parts ?? [];
  if (given !== scheme) throw new RangeError(`expected ${scheme}://BUCKET/OBJECT`);
  const options = new Map(new URLSearchParams(query));
  for (const name of options.keys()) {
    if (!known.includes(name)) throw new RangeError(`option ${name} is unknown, expected one of: ${known.join(", ")}`);
  }
  return { bucket, object, options };
}

/** Whether an option is switched on, in the words of Go. Throws RangeError for other words. */
export function isOn({ options }: BlobLocation, ...names: readonly string[]): boolean {
  for (const name of names) {
    const value = options.get(name);
    if (value === undefined) continue;
    if (/^(1|t|T|true|TRUE|True)$/.test(value)) return true;
    if (!/^(0|f|F|false|FALSE|False)$/.test(value)) {
      throw new RangeError(`option ${name} is ${JSON.stringify(value)}, expected true or false`);
    }
  }
  return false;
}
