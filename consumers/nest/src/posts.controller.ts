import { Body, Controller, Get, Inject, Post } from '@nestjs/common';
import { PostsService } from './posts.service';

@Controller()
export class PostsController {
  constructor(@Inject(PostsService) private readonly posts: PostsService) {}

  @Get()
  async answer(): Promise<string> {
    const { data, info } = await this.posts.first();
    return [data?.title, info.status, info.reason ?? ''].join('|');
  }

  @Post('api/rename')
  rename(@Body() { title }: { title: string }) {
    return this.posts.rename(title);
  }
}
