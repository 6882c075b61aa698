/** The principals in a `super.users` setting. Names may hold commas, as those of certificates do: semicolons part them. */
export function superUsersIn(text: string): readonly string[] {
  return text
    .split(';')
    .map((user) => user.trim())
    .filter((user) => user !== '');
}
