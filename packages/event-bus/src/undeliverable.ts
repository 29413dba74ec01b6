/** Thrown by a consumer's handler: no repetition will help. The entry goes to the dead letters at once, with this message. */
export class Undeliverable extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "Undeliverable";
  }
}
