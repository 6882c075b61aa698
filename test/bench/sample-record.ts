/** A JSON object of about 1 KiB with some 35 fields. */
export function sampleRecord(id: number): Buffer {
  const fields = Object.fromEntries(
    Array.from({ length: 30 }, (_, index) => [`field${index}`, `value ${index} of ${id} and filler`]),
  );
  return Buffer.from(
    JSON.stringify({
      id,
      name: `item ${id}`,
      price: (id % 1000) / 10,
      amount: id % 7,
      active: id % 2 === 0,
      ...fields,
    }),
  );
}

/** Six fields of it, and of where it came from. */
export const sampleMapping = `{
  "id": receive.value.id,
  "label": $uppercase(receive.value.name),
  "total": receive.value.price * receive.value.amount,
  "state": receive.value.active ? "on" : "off",
  "first": receive.value.field0 & " " & receive.value.field1,
  "source": receive.topic
}`;
