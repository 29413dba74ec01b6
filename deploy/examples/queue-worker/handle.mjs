// What is done with an order: put your own code here.

/** Works on one order; throws when that fails. */
export async function handle(order) {
  console.log(`order ${order} is done`);
}
