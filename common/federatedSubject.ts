/** Whether a federated credential trusts more than one branch or environment; the forms are GitHub's and GitLab's. */
export function isWideSubject(
  subject: string | null | undefined,
  expression: string | null | undefined,
): boolean {
  if (subject === null || subject === undefined || subject === "") return (expression ?? "") !== "";
  if (subject.includes("*")) return true;
  if (subject.startsWith("repo:")) return !/:(environment:.+|ref:refs\/heads\/.+)$/.test(subject);
  if (subject.startsWith("project_path:")) return !/:ref_type:branch:ref:.+$/.test(subject);
  return false;
}
