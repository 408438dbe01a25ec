namespace MoMo.Silo.Docs;

/// <summary>Puts the OpenAPI document and its pages into the silo. All of it works without any other server.</summary>
internal static class DocsParts
{
    /// <summary>Where the document is.</summary>
    public const string DocumentPath = "/openapi/v1.json";

    private const string StylePath = "/docs/momo.css";

    extension(IServiceCollection services)
    {
        public void AddDocs() => services.AddOpenApi("v1", options =>
        {
            options.CreateSchemaReferenceId = SchemaNames.Of;
            options.AddDocumentTransformer<DocumentWords>();
            options.AddOperationTransformer<OperationWords>();
            options.AddSchemaTransformer<SchemaWords>();
        });
    }

    extension(WebApplication app)
    {
        /// <summary>The pages, beside the way of a payment.</summary>
        public void UseDocs() => app.UseWhen(context => context.Request.Path.StartsWithSegments("/docs"), docs => docs.UseSwaggerUI(page =>
        {
            page.RoutePrefix = "docs";
            page.SwaggerEndpoint(DocumentPath, "MoMo API v1");
            page.DocumentTitle = "MoMo API";
            page.InjectStylesheet(StylePath);
            page.DefaultModelsExpandDepth(0);
            page.DefaultModelExpandDepth(3);
            page.DisplayRequestDuration();
            page.EnableTryItOutByDefault();
            page.EnablePersistAuthorization();
            page.EnableDeepLinking();
            page.ConfigObject.AdditionalItems["docExpansion"] = "list";
        }));

        public void MapDocs()
        {
            app.MapOpenApi("/openapi/{documentName}.json");
            app.MapGet("/", () => Results.Redirect("/docs")).ExcludeFromDescription();
            app.MapGet("/docs/problems", () => Results.Text(ProblemsPage.Html.Value, "text/html", System.Text.Encoding.UTF8)).ExcludeFromDescription();
            app.MapGet(StylePath, () => Results.Text(Embedded.Text("momo.css"), "text/css", System.Text.Encoding.UTF8)).ExcludeFromDescription();
        }
    }
}
