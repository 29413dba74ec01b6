/** Who makes a request, as reviews and webhooks show it. */
export interface UserInfo {
  readonly username: string;
  readonly uid?: string;
  readonly groups: readonly string[];
  readonly extra?: Readonly<Record<string, readonly string[]>>;
}

/** The group that may do everything, whatever the roles say. */
export const mastersGroup = "system:masters";
export const authenticatedGroup = "system:authenticated";

/** Who comes in where nobody has to say who they are. */
export const localUser: UserInfo = {
  username: "kube-sim-admin",
  groups: [mastersGroup, authenticatedGroup],
};

/** Who comes in without credentials where roles count. */
export const anonymousUser: UserInfo = { username: "system:anonymous", groups: ["system:unauthenticated"] };
